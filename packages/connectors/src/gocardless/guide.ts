export const goCardlessGuide: readonly string[] = [
  'In the GoCardless Dashboard open Developers, Create, Webhook endpoint.',
  'Paste this account’s webhook URL as the URL; leave the certificate empty.',
  'Copy the endpoint’s secret into a credential of this account, then save the endpoint.',
  'All events are sent; there is nothing to tick. Notifications carry ids only, so amounts of these events are null.',
  'A payment that fails after it was confirmed raises payment_failed, and payment_returned once the money was taken back.',
  'To change the secret, add the new one as a second credential first; remove the old one after a day.',
];
