import { createHmac, randomBytes } from 'node:crypto';
import { findConnector, type RawNotification } from '@owngateway/connectors';

/**
 * Credentials that belong to nobody, by connector. A notification for an account that does not exist is checked against
 * them, so that it takes about as long to refuse as a bad signature does (000.24).
 */
const DECOYS: Readonly<Record<string, Record<string, string>>> = {
  stripe: { signing_secret: `whsec_${randomBytes(24).toString('hex')}` },
  adyen: { hmac_key: randomBytes(32).toString('hex').toUpperCase() },
  gocardless: { webhook_secret: randomBytes(20).toString('hex') },
  checkout: { signature_key: randomBytes(24).toString('hex') },
  square: { signature_key: randomBytes(16).toString('hex') },
  braintree: { public_key: randomBytes(8).toString('hex'), private_key: randomBytes(16).toString('hex') },
  razorpay: { webhook_secret: randomBytes(16).toString('hex') },
  mollie: { signing_secret: randomBytes(24).toString('hex') },
  worldpay: { signing_secret: randomBytes(24).toString('hex') },
  authorizenet: { signature_key: randomBytes(64).toString('hex').toUpperCase() },
};

const NOBODY = randomBytes(32);

/** Spends the time that checking a signature takes. What it finds means nothing. */
export function verifyAgainstDecoy(accountName: string, notification: RawNotification, now: Date): void {
  // `stripe-eu` is most likely somebody's second Stripe account.
  const connector = findConnector(accountName) ?? findConnector(accountName.split('-', 1)[0] ?? '');
  const credential = connector === undefined ? undefined : DECOYS[connector.name];
  if (connector === undefined || credential === undefined) {
    createHmac('sha256', NOBODY).update(notification.body).digest();
    return;
  }
  const checked = connector.credentialSchema.safeParse(credential);
  const settings = connector.settingsSchema.safeParse({});
  if (checked.success && settings.success) {
    connector.verify(notification, [checked.data], settings.data, now);
  } else {
    createHmac('sha256', NOBODY).update(notification.body).digest();
  }
}
