import { randomBytes } from 'node:crypto';
import type { Connector } from '../connector.ts';
import { type CheckoutCredential, type CheckoutSettings, checkoutCredential, checkoutSettings } from './credentials.ts';
import { checkoutGuide } from './guide.ts';
import { checkoutMapping } from './mapping.ts';
import { parseCheckout } from './parse.ts';
import { verifyCheckout } from './verify.ts';

/** Checkout.com: any 2xx within 10 s acknowledges. */
export const checkout: Connector<CheckoutCredential, CheckoutSettings> = {
  name: 'checkout',
  title: 'Checkout.com',
  credentialSchema: checkoutCredential,
  settingsSchema: checkoutSettings,
  decoyCredential: () => ({ signature_key: randomBytes(24).toString('hex') }),
  verify: verifyCheckout,
  parse: parseCheckout,
  acknowledgement: { status: 200, contentType: null, body: '' },
  guide: checkoutGuide,
  mappings: checkoutMapping.published,
};
