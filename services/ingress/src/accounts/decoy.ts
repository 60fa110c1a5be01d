import { createHmac, randomBytes } from 'node:crypto';
import { type Connector, connectors, type RawNotification } from '@owngateway/connectors';

const NOBODY = randomBytes(32);

/** An account that does not exist, as far as a connector's check is concerned. */
interface Decoy {
  connector: Connector;
  credential: unknown;
  settings: unknown;
}

const decoys = new Map(
  connectors.map((connector): [string, Decoy] => [
    connector.name,
    { connector, credential: connector.decoyCredential(), settings: connector.settingsSchema.parse({}) },
  ]),
);

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
