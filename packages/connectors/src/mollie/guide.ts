export const mollieGuide: readonly string[] = [
  'Mollie has two kinds of webhooks. Choose one for this account: where it has a signing secret, only signed notifications are taken.',
  'Next-generation: in the Mollie Dashboard open Developers, Webhooks and create a webhook with this account’s webhook URL.',
  'Tick the payment, refund and chargeback events, capture.failed if you capture by hand, and payment-link.paid only if payment.paid is not ticked.',
  'Copy its signing secret into a credential of this account. If you choose the simple payload, add an API key as another credential, or amounts of these events are null.',
  'Classic: put an API key into a credential of this account (Developers, API keys), and give this account’s webhook URL as the webhookUrl of every payment, order or subscription that you create.',
  'A classic notification proves nothing, so it is only taken as a hint: the payment is looked up with the API key, and every refund and chargeback of it is told as well.',
  'Use a live key where you take live payments, and a test key where you test: each knows only its own.',
  'To change the signing secret, add the new one as a second credential first; Mollie signs with both for a day. Remove the old one after that.',
];
