import type { Preset } from '../generic/preset.ts';
import { airwallex } from './airwallex/preset.ts';
import { cashfree } from './cashfree/preset.ts';
import { coinbaseCommerce } from './coinbase-commerce/preset.ts';
import { dlocal } from './dlocal/preset.ts';
import { flutterwave } from './flutterwave/preset.ts';
import { klarna } from './klarna/preset.ts';
import { paystack } from './paystack/preset.ts';

/** Every preset of the generic connector. Adding one is one folder and one line here. */
export const presets: readonly Preset[] = [
  paystack,
  flutterwave,
  airwallex,
  cashfree,
  klarna,
  coinbaseCommerce,
  dlocal,
];
