import {
  type Authentication,
  compileEventTypes,
  DEFAULT_RETRY_POLICY,
  type EventStyle,
  type EventType,
  type Owner,
  type OwnerKey,
  type RetryPolicy,
  type SuccessRule,
  unusableFields,
} from '@owngateway/domain';
import { createTlsIdentity, type TlsIdentity } from '@owngateway/outbound';
import { type SignatureKey, signatureKeyOf } from '@owngateway/signature';
import type { SubscriptionRecord } from '@owngateway/store';

/** Where an event goes and how: a subscription, made ready for sending (keys and headers built once). */
export interface Recipient {
  readonly id: string;
  readonly version: number;
  readonly owner: Owner;
  readonly ownerKey: OwnerKey;
  readonly subscriptionId: string;
  readonly enabled: boolean;
  /** Another one when its URL has changed or somebody has enabled it: what was known of the endpoint no longer counts. */
  readonly endpointKey: string;
  /** When somebody enabled it last. */
  readonly enabledAt: Date | null;
  /** When an attempt failed first, while none has succeeded since. */
  readonly failingSince: Date | null;
  /** After failing for so many seconds it is switched off. Null: never. */
  readonly autoDisableAfterS: number | null;
  readonly url: string;
  readonly eventStyle: EventStyle;
  readonly success: SuccessRule;
  readonly retryPolicy: RetryPolicy;
  readonly timeoutMs: number;
  readonly maxInFlight: number;
  readonly rateLimitPerS: number | null;
  /** The subscription's own authentication and headers. */
  readonly headers: Readonly<Record<string, string>>;
  matches(type: EventType): boolean;
  /** Keys of the secrets that sign at this moment: several while one rotates. */
  signingKeys(nowMs: number): SignatureKey[];
  /** Its own authorities and client certificate; made at the first call. Throws when OpenSSL cannot use them. */
  tls(): TlsIdentity | null;
}

/** Throws for a subscription that nothing can be sent by. */
export function recipientOf(record: SubscriptionRecord): Recipient {
  // Never without the authentication, headers or signatures that the merchant asked for.
  if (record.unreadable !== undefined) throw new TypeError(`no key opens its ${record.unreadable.join(', ')}`);
  const unusable = unusableFields(record);
  if (unusable.length > 0) throw new TypeError(`cannot be used: ${unusable.join(', ')}`);
  if (!record.signing.secrets.some(({ expires_at }) => expires_at === null))
    throw new TypeError('a subscription without a signing secret that does not expire');
  const secrets = record.signing.secrets.map((secret) => ({
    key: signatureKeyOf(secret.value),
    expiresAtMs: secret.expires_at?.getTime() ?? Number.POSITIVE_INFINITY,
  }));
  // Costs about a millisecond, which a process that reads thousands of subscriptions cannot spend on each.
  let tls: TlsIdentity | null = null;
  return {
    id: record._id,
    version: record.version,
    owner: record.owner,
    ownerKey: record.owner_key,
    subscriptionId: record._id,
    enabled: record.status === 'enabled',
    endpointKey: `${record.enabled_at?.getTime() ?? 0} ${record.url}`,
    enabledAt: record.enabled_at,
    failingSince: record.failing_since,
    autoDisableAfterS: record.auto_disable?.after_failing_for_s ?? null,
    url: record.url,
    eventStyle: record.event_style,
    success: record.success,
    retryPolicy: record.retry_policy,
    timeoutMs: record.timeout_ms,
    maxInFlight: record.max_in_flight,
    rateLimitPerS: record.rate_limit_per_s,
    headers: { ...record.headers, ...authenticationHeaders(record.authentication) },
    matches: compileEventTypes(record.event_types),
    signingKeys: (nowMs) => secrets.filter((secret) => secret.expiresAtMs > nowMs).map((secret) => secret.key),
    tls: () => {
      if (record.tls !== null) tls ??= createTlsIdentity(record._id, record.tls);
      return tls;
    },
  };
}

/**
 * The same for one that nothing can be sent by: as if it were disabled, so that what it wants is held, and goes out in order once
 * somebody has mended it. Who cannot read which types it wants holds all: rather one too many later than one that is lost.
 */
export function heldRecipientOf(record: SubscriptionRecord): Recipient {
  return {
    id: record._id,
    version: record.version,
    owner: record.owner,
    ownerKey: record.owner_key,
    subscriptionId: record._id,
    enabled: false,
    endpointKey: `unusable ${record.version}`,
    enabledAt: null,
    failingSince: null,
    autoDisableAfterS: null,
    url: String(record.url),
    eventStyle: record.event_style === 'dotted' ? 'dotted' : 'snake_case',
    success: '2xx',
    retryPolicy: DEFAULT_RETRY_POLICY,
    timeoutMs: 1,
    maxInFlight: 1,
    rateLimitPerS: null,
    headers: {},
    tls: () => null,
    matches: unusableFields(record).includes('event_types') ? () => true : compileEventTypes(record.event_types),
    signingKeys: () => [],
  };
}

/** Basic as in RFC 7617, bearer as in RFC 6750, or a header of the merchant's choice (002.13, 003.14). */
function authenticationHeaders(authentication: Authentication): Record<string, string> {
  switch (authentication.type) {
    case 'none':
      return {};
    case 'basic': {
      const pair = Buffer.from(`${authentication.username}:${authentication.password}`, 'utf8').toString('base64');
      return { authorization: `Basic ${pair}` };
    }
    case 'bearer':
      return { authorization: `Bearer ${authentication.token}` };
    case 'header':
      return { [authentication.name.toLowerCase()]: authentication.value };
  }
}
