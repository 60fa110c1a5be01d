export const genericGuide: readonly string[] = [
  'For any provider that signs its notifications, such as one of your own; docs/in-house-provider.md is a walk with curl. Give its accounts a name of their own in `connector`, such as `acme-pay`; the names of this catalogue are taken.',
  'Describe the provider in `settings`: which header has the signature and what is signed, where the event’s id, type, amount and references stand, and in `mapping` what each of its events becomes. settings_schema says what every field means.',
  'To start from a provider of this catalogue that has a `definition`, copy that, change it, and give it a name of your own.',
  'Create the account with the shared secret as its credential, and give its webhook URL to the provider.',
  'Have the provider send one notification of each kind, and look at GET /v1/notifications: it says what each became, and why nothing was raised: `reason` of an item, or `detail` where the verdict is `unreadable`, such as `the body is not JSON`.',
  'To change the secret, add the new one as a second credential first; remove the old one when the provider has stopped using it.',
];
