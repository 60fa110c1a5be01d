export const checkoutGuide: readonly string[] = [
  'In the Checkout.com Dashboard open Developers, Webhooks, and create a webhook.',
  'Paste this account’s webhook URL as the endpoint URL.',
  'Tick the Gateway events payment_* and the Dispute events. Tick authentication_failed only where 3-D Secure is used without payments: of a payment, payment_authentication_failed tells the same.',
  'Have the signature key generated, or set one, and copy it into a credential of this account.',
  'If an authorization header key is set on the webhook as well, copy it into the same credential: notifications without it are refused from then on.',
  'Payouts are recorded and raise nothing: payment_paid tells of money that went out.',
  'To change the signature key, add the new one as a second credential first; remove the old one after two days, when Checkout.com sends no repeats of it any more.',
];
