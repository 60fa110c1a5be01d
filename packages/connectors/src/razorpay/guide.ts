export const razorpayGuide: readonly string[] = [
  'In the Razorpay Dashboard open Account & Settings, Webhooks, “Add New Webhook”; test and live mode have webhooks of their own.',
  'Paste this account’s webhook URL as the webhook URL.',
  'Make up a long random secret, enter it there and put it into a credential of this account. It is not the key secret of the API.',
  'Tick payment.authorized, payment.captured, payment.failed, refund.*, payment.dispute.*, and subscription.*, payment_link.cancelled, payment_link.expired and token.* as you use them.',
  'order.paid, invoice.paid and payment_link.paid repeat payment.captured and raise nothing; of payment.captured and subscription.charged only the first is told.',
  'Enter an alert address: after 24 hours of failures Razorpay switches the webhook off, and it has to be switched on again by hand.',
  'To change the secret, add the new one as a second credential first; remove the old one after a day: repeats of older events are still signed with it.',
];
