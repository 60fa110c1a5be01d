export const worldpayGuide: readonly string[] = [
  'Ask your Worldpay Implementation Manager to add this account’s webhook URL for Access Worldpay events. (The XML order notifications of other Worldpay products cannot be received.)',
  'Have all payment and chargeback events enabled, and the Event-Signature header; without it every notification is refused.',
  'Put the shared secret, and its key id if you were told, into a credential of this account. The key id is the part of Event-Signature before the first slash.',
  'If genuine notifications are refused, ask whether the secret is hexadecimal, and set secret_encoding to hex.',
  'Ask whether settled events are sent. Where they are not, switch sent_for_settlement_means_succeeded on: payment_succeeded would never be raised otherwise. It is off at first, because a settlement can still fail.',
  'When Worldpay renews the secret, add the new one with its key id as a second credential; remove the old one a week later, when nothing signed with it is repeated any more.',
];
