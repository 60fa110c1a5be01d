import { adyen } from './adyen/connector.ts';
import { authorizeNet } from './authorizenet/connector.ts';
import { braintree } from './braintree/connector.ts';
import { checkout } from './checkout/connector.ts';
import type { Connector } from './connector.ts';
import { generic } from './generic/connector.ts';
import { connectorOfPreset } from './generic/preset.ts';
import { goCardless } from './gocardless/connector.ts';
import { mercadoPago } from './mercadopago/connector.ts';
import { mollie } from './mollie/connector.ts';
import { payPal } from './paypal/connector.ts';
import { presets } from './presets/presets.ts';
import { razorpay } from './razorpay/connector.ts';
import { square } from './square/connector.ts';
import { stripe } from './stripe/connector.ts';
import { worldpay } from './worldpay/connector.ts';

/** Every connector. Adding one is one folder and one line here; a preset of the generic connector has its own list. */
export const connectors: readonly Connector[] = [
  stripe,
  adyen,
  goCardless,
  braintree,
  square,
  razorpay,
  checkout,
  worldpay,
  authorizeNet,
  payPal,
  mollie,
  mercadoPago,
  ...presets.map(connectorOfPreset),
  generic,
];

const byName = new Map(connectors.map((connector) => [connector.name, connector]));

/** The connector of this name, such as `stripe`. */
export function findConnector(name: string): Connector | undefined {
  return byName.get(name);
}
