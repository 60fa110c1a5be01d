import type { ConnectorAccountRepository, KeptNotification } from '@owngateway/store';
import type { KnownConnectors } from '../connectors/known-connectors.ts';
import type { GenuineNotification } from '../notifications/read-notification.ts';

export interface RestoreParts {
  accounts: Pick<ConnectorAccountRepository, 'get'>;
  connectors: KnownConnectors;
  /** As in `PUBLIC_INGRESS_URL`. */
  publicUrl: string;
  /** The wall clock, which events are dated by. */
  now: () => Date;
}

/**
 * A stored notification as it was when it came, but for the credentials among its headers, which are not kept; with its
 * account and connector of today. Of a disabled account too: what was acknowledged is not given up for it. A text, for the
 * API, when something is not there and never will be.
 */
export async function restoreNotification(
  { body, ...kept }: KeptNotification,
  { accounts, connectors, publicUrl, now }: RestoreParts,
): Promise<GenuineNotification | string> {
  if (body === null) {
    return 'the body is no longer kept';
  }
  const account = await accounts.get({ level: 'operator' }, kept.connector_account_id);
  if (account === null) {
    return 'the connector account was deleted';
  }
  const connector = connectors.of(account);
  if (connector === undefined) {
    return 'the connector is no longer served';
  }
  const url = `${publicUrl}/webhooks/${account.merchant_id}/${account.name}`;
  return {
    id: kept._id,
    raw: { method: 'POST', headers: kept.headers, query: kept.query, body, url, receivedAt: kept.received_at },
    account,
    connector,
    signedAt: kept.signed_at,
    isProven: true,
    receivedAt: kept.received_at,
    readAt: now(),
  };
}
