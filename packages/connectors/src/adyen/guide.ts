export const adyenGuide: readonly string[] = [
  'In the Adyen Customer Area open Developers, Webhooks, and add a “Standard webhook” with JSON.',
  'Paste this account’s webhook URL as the server URL.',
  'Set a user name and a password on the webhook, and put both into the credential: Adyen signs eight fields only, so this is what vouches for the rest.',
  'Generate the HMAC key and copy it into the same credential.',
  'Captured automatically (Adyen’s default)? Switch authorised_means_succeeded on: then no CAPTURE follows an AUTHORISATION, and payment_succeeded would never be raised. It is off at first, so that goods are never released on a mere authorisation.',
  'Switch trust_unsigned_fields on to have CHARGEBACK decided by its disputeStatus; notifications without the user name and password are refused from then on.',
  'After a new HMAC key was generated, keep the old one as a second credential for a day: Adyen goes on signing with it for some time.',
];
