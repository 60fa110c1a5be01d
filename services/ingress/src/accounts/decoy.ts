import { createHmac, randomBytes } from 'node:crypto';
import { type Connector, connectors, type RawNotification } from '@owngateway/connectors';

/**
 * Credentials that belong to nobody, by connector. A notification for an account that does not exist is checked against
 * them, so that it takes about as long to refuse as a bad signature does (000.24).
 */
const CREDENTIALS: Readonly<Record<string, Record<string, string>>> = {
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

/** An account that does not exist, as far as a connector's check is concerned. */
interface Decoy {
  connector: Connector;
  credential: unknown;
  settings: unknown;
}

const decoys = new Map(connectors.flatMap((connector) => entryOf(connector)));

function entryOf(connector: Connector): [string, Decoy][] {
  const credential = connector.credentialSchema.safeParse(CREDENTIALS[connector.name]);
  const settings = connector.settingsSchema.safeParse({});
  return credential.success && settings.success
    ? [[connector.name, { connector, credential: credential.data, settings: settings.data }]]
    : [];
}

/** The decoy for an account's name: `stripe-eu` is most likely somebody's second Stripe account. */
export function decoyFor(accountName: string): Decoy | undefined {
  return decoys.get(accountName) ?? decoys.get(accountName.split('-', 1)[0] ?? '');
}

/** Spends the time that checking a signature takes. What it finds means nothing. */
export function verifyAgainstDecoy(accountName: string, notification: RawNotification, now: Date): void {
  const decoy = decoyFor(accountName);
  if (decoy === undefined) {
    createHmac('sha256', NOBODY).update(notification.body).digest();
  } else {
    decoy.connector.verify(notification, [decoy.credential], decoy.settings, now);
  }
}
