export const braintreeGuide: readonly string[] = [
  'Name this account braintree, or braintree- and an ending of yours; under the name of another connector the check of the URL is not answered.',
  'In the Braintree Control Panel open the gear, API, Keys and copy a public key with its private key into a credential of this account. They can also make payments: use a pair of a user with few rights.',
  'Then open the gear, API, Webhooks and choose “Create new webhook”.',
  'Paste this account’s webhook URL as the destination URL; Braintree checks at once that the keys are there, so the account must exist before.',
  'Tick Transaction, Dispute, Subscription, Local Payment Method, Refund Failed and the payment method notifications that you use.',
  'Use “Check URL” to see that it arrives: it is acknowledged and raises nothing.',
  'There is no notification of a refund that succeeded. Amounts come with a currency only where Braintree names it; otherwise they are null.',
  'To change the keys, add the new pair as a second credential first; remove the old one after a day.',
];
