export const stripeGuide: readonly string[] = [
  'In the Stripe Dashboard open Developers, Webhooks and choose “Add destination” (of your own account, not thin events).',
  'Paste this account’s webhook URL as the endpoint URL.',
  'Tick payment_intent.*, refund.*, charge.dispute.*, customer.created, customer.updated and customer.subscription.*.',
  'Tick checkout.session.async_payment_*, invoice.paid and invoice.payment_failed only when no payment_intent events are ticked: they tell of the same payments.',
  'Copy the signing secret (whsec_...) into a credential of this account.',
  'To roll the secret, add the new one as a second credential first; remove the old one when Stripe no longer signs with it.',
  'A production gateway raises nothing from events of the test mode (`livemode` false), which live endpoints of a Connect platform get too; they are recorded as `test_mode`.',
];
