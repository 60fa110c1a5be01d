export const mercadoPagoGuide: readonly string[] = [
  'In Mercado Pago open Your integrations, your application, Webhooks, Configure notifications.',
  'Paste this account’s webhook URL as the URL of the productive mode; a URL that is set on a payment goes before it.',
  'Tick Payments (or Order, if you use the Orders API), Chargebacks, Claims, and Plans and subscriptions if you have any.',
  'Save, copy the secret signature, and put it into a credential of this account together with the application’s access token.',
  'A notification only names a thing and its body is not signed, so each is looked up with the access token before anything is told.',
  'Every proxy before the gateway must pass on the query string and the header x-request-id as they came: both are signed.',
  'QR code notifications and the older IPN (?topic=…&id=…) are not signed and are refused: use webhooks.',
  'To change the secret signature, add the new one as a second credential first; remove the old one after a few days, when no repeat can come any more.',
];
