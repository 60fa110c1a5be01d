import { createHmac, randomBytes } from 'node:crypto';
import type { Connector, RawNotification } from '@owngateway/connectors';
import type { KnownConnectors } from '../connectors/known-connectors.ts';

const NOBODY = randomBytes(32);

/** An account that does not exist, as far as a connector's check is concerned. */
interface Decoy {
  connector: Connector;
  credential: unknown;
  settings: unknown;
}

/** Accounts that do not exist. */
export interface Decoys {
  /** The connector that an account of this name most likely has: `stripe-eu` is somebody's second Stripe account. */
  connectorOf(accountName: string): Connector | undefined;
  /** Spends the time that checking a signature takes. What it finds means nothing. */
  verify(accountName: string, notification: RawNotification, now: Date): void;
}

export function createDecoys({ all }: KnownConnectors): Decoys {
  // Of two names that fit, such as `acme` and `acme-pay`, the longer one tells more.
  const known = all
    .map((connector) => ({ connector, decoy: decoyOf(connector) }))
    .toSorted((one, other) => other.connector.name.length - one.connector.name.length);
  const likely = (accountName: string) =>
    known.find(({ connector: { name } }) => accountName === name || accountName.startsWith(`${name}-`));
  return {
    connectorOf: (accountName) => likely(accountName)?.connector,
    verify(accountName, notification, now) {
      const decoy = likely(accountName)?.decoy ?? null;
      if (decoy === null) {
        createHmac('sha256', NOBODY).update(notification.body).digest();
      } else {
        decoy.connector.verify(notification, [decoy.credential], decoy.settings, now);
      }
    },
  };
}

/** Null where an account has to say how its notifications are checked: nobody knows what one that does not exist would say. */
function decoyOf(connector: Connector): Decoy | null {
  const settings = connector.settingsSchema.safeParse({});
  return settings.success ? { connector, credential: connector.decoyCredential(), settings: settings.data } : null;
}
