import type { Connector, ConnectorForNew } from '@owngateway/connectors';
import { API_VERSION, type IdSource } from '@owngateway/domain';
import type { App, TokenSettings } from '@owngateway/service-kit';
import type { Store } from '@owngateway/store';
import type { CallerOf } from '../access/caller-of.ts';
import { addAuditRoutes } from '../audit/audit-routes.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import { addConnectorAccountRoutes } from '../connector-accounts/connector-account-routes.ts';
import { createConnectorAccount } from '../connector-accounts/create-connector-account.ts';
import { deleteConnectorAccount } from '../connector-accounts/delete-connector-account.ts';
import { updateConnectorAccount } from '../connector-accounts/update-connector-account.ts';
import { addConnectorRoutes } from '../connectors/connector-routes.ts';
import { cancelDelivery } from '../deliveries/cancel-delivery.ts';
import { addDeliveryRoutes } from '../deliveries/delivery-routes.ts';
import { addEventTypeRoutes } from '../event-types/event-type-routes.ts';
import { addEventRoutes } from '../events/event-routes.ts';
import type { OncePerKey } from '../idempotency/once-per-key.ts';
import { addMerchantRoutes } from '../merchants/merchant-routes.ts';
import { putMerchant } from '../merchants/put-merchant.ts';
import { addNotificationRoutes } from '../notifications/notification-routes.ts';
import { type EnqueueReading, reprocessNotification } from '../notifications/reprocess-notification.ts';
import { addOpenapiRoutes } from '../openapi/openapi-routes.ts';
import type { EnqueueReplays } from '../replay/enqueue-replays.ts';
import { replayDelivery } from '../replay/replay-delivery.ts';
import { replayEvent } from '../replay/replay-event.ts';
import { cancelReplay } from '../replays/cancel-replay.ts';
import { addReplayRoutes } from '../replays/replay-routes.ts';
import { startReplay } from '../replays/start-replay.ts';
import { createSubscription } from '../subscriptions/create-subscription.ts';
import { deleteSubscription } from '../subscriptions/delete-subscription.ts';
import { addSecretRoutes } from '../subscriptions/secret-routes.ts';
import type { SecretSource } from '../subscriptions/signing-secrets.ts';
import { addSubscriptionRoutes } from '../subscriptions/subscription-routes.ts';
import { readSecret, rotateSecret } from '../subscriptions/subscription-secret.ts';
import { addSwitchRoutes } from '../subscriptions/switch-routes.ts';
import { disableSubscription, enableSubscription } from '../subscriptions/switch-subscription.ts';
import { updateSubscription } from '../subscriptions/update-subscription.ts';
import type { UrlRule } from '../subscriptions/url-rule.ts';
import { mintForOwner } from '../tokens/mint-for-owner.ts';
import { revokeToken } from '../tokens/revoke-token.ts';
import { addTokenRoutes } from '../tokens/token-routes.ts';

/** Everything that the API rests on. */
export interface ApiParts {
  store: Store;
  connectors: readonly Connector[];
  findConnector: (name: string) => Connector | undefined;
  connectorOf: (account: { connector: string; settings: unknown }) => Connector | undefined;
  connectorForNew: (account: { connector: string; settings?: unknown }) => ConnectorForNew;
  tokens: TokenSettings;
  callerOf: CallerOf;
  oncePerKey: OncePerKey;
  trail: AuditTrail;
  enqueue: EnqueueReplays;
  enqueueReading: EnqueueReading;
  judgeUrl: UrlRule;
  newId: IdSource;
  newSecret: SecretSource;
  /** The database's clock. */
  now: () => Date;
  /** The clock that tokens are verified by. */
  processNow: () => Date;
  publicIngressUrl: string;
  publicApiUrl: string;
  supportContact: string | undefined;
}

/** Adds every route of the service, in the order of the API reference. */
export function addApi(app: App, parts: ApiParts): void {
  const { store } = parts;
  // Use cases pick what they need by name; the repositories go by the names that they have in the store.
  const sources = { ...parts, ...store, accounts: store.connectorAccounts };

  addMerchantRoutes(app, { ...sources, put: putMerchant(sources) });
  addTokenRoutes(app, {
    ...sources,
    mint: mintForOwner({ ...sources, now: parts.processNow }),
    revoke: revokeToken({ ...sources, now: parts.processNow }),
  });
  addConnectorRoutes(app, parts);
  addConnectorAccountRoutes(app, {
    ...sources,
    create: createConnectorAccount(sources),
    update: updateConnectorAccount(sources),
    remove: deleteConnectorAccount(sources),
  });
  addEventTypeRoutes(app);
  addSubscriptionRoutes(app, {
    ...sources,
    create: createSubscription(sources),
    update: updateSubscription(sources),
    remove: deleteSubscription(sources),
  });
  addSwitchRoutes(app, {
    ...sources,
    enable: enableSubscription(sources),
    disable: disableSubscription(sources),
  });
  addSecretRoutes(app, { ...sources, read: readSecret(sources), rotate: rotateSecret(sources) });
  addEventRoutes(app, { ...sources, replay: replayEvent(sources) });
  addDeliveryRoutes(app, { ...sources, replay: replayDelivery(sources), cancel: cancelDelivery(sources) });
  addReplayRoutes(app, { ...sources, start: startReplay(sources), cancel: cancelReplay(sources) });
  addNotificationRoutes(app, { ...sources, reprocess: reprocessNotification(sources) });
  addAuditRoutes(app, sources);
  addOpenapiRoutes(app, {
    serverUrl: parts.publicApiUrl,
    version: API_VERSION,
    supportContact: parts.supportContact,
  });
}
