export const payPalGuide: readonly string[] = [
  'In the PayPal Developer Dashboard choose Sandbox or Live, open Apps & Credentials and the app that takes the payments.',
  'Under “Webhooks” choose “Add Webhook” and paste this account’s webhook URL.',
  'Tick Payment authorization, capture, sale and refund, Checkout order approved and payment approval reversed, Customer dispute, Risk dispute, and Billing subscription.',
  'Save, and copy the webhook’s id, shown beside its URL, into a credential of this account. A webhook of the sandbox has an id of its own.',
  'Signatures are checked with PayPal’s certificate, which is fetched from PayPal when the first notification comes and then once a day.',
  'To have PayPal’s API check each notification instead, add the app’s client id and secret to the credential and set verification to api; in the sandbox set api_base_url to https://api-m.sandbox.paypal.com.',
  'Events of the webhooks simulator are signed for no webhook and are refused; make a payment in the sandbox to try it.',
  'To change the webhook, or the app’s secret, add the new one as a second credential first; remove the old one after four days.',
];
