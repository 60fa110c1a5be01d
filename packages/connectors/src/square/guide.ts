export const squareGuide: readonly string[] = [
  'In the Square Developer Console open your application, choose production or sandbox, then Webhooks, Subscriptions, “Add subscription”.',
  'Paste this account’s webhook URL as the notification URL, without a slash at the end: Square signs the URL, and one character more is another signature. If a proxy of yours needs another URL there, write it into notification_url of this account’s settings.',
  'Tick payment.*, refund.*, dispute.created, dispute.state.updated, customer.created, customer.updated, subscription.created and subscription.updated; invoice.scheduled_charge_failed if you bill by invoice.',
  'Save, open the subscription, show its signature key and copy it into a credential of this account.',
  'A payment is told of once per state, however often Square sends it: fees, receipts and refunds change it too.',
  'To replace the signature key, add the new one as a second credential first; remove the old one after a day, when the last repeats are through.',
];
