import { deliveryIdOf, newId, type Owner, ownerKeyOf } from '@owngateway/domain';
import type { AttemptRecord, DeliveryRecord, EventRecord, SubscriptionRepository } from '@owngateway/store';

export const SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
export const BEARER = 'bearer-token-of-the-merchant';
/** Something that only payloads contain. */
export const PAYLOAD_TEXT = 'payload-text-that-stays-in-mongodb';

/** An event as ingress stores it. */
export function anEvent(fields: Partial<EventRecord> = {}): EventRecord {
  const _id = fields._id ?? newId('evt');
  const now = new Date();
  const type = fields.type ?? 'payment_succeeded';
  return {
    _id,
    merchant_id: 'm_1',
    dedupe_key: `acct_1:${_id}:0`,
    type,
    origin: 'processor',
    object_type: 'payment',
    connector: 'stripe',
    connector_account_id: 'acct_1',
    notification_id: 'ntf_1',
    references: ['pi_1'],
    occurred_at: now,
    created_at: now,
    body: `{"id":"${_id}","type":"${type}","amount_minor":2000.0,"text":"${PAYLOAD_TEXT}"}`,
    awaiting_fan_out_since: now,
    ...fields,
  };
}

/** A subscription as the API would have stored it. */
export function aSubscription(
  fields: Partial<Parameters<SubscriptionRepository['create']>[0]> & { url: string },
): Parameters<SubscriptionRepository['create']>[0] {
  const owner: Owner = fields.owner ?? { level: 'merchant', id: 'm_1' };
  const now = new Date();
  return {
    _id: newId('sub'),
    owner,
    owner_key: ownerKeyOf(owner),
    description: null,
    event_types: ['*'],
    status: 'enabled',
    status_reason: null,
    authentication: { type: 'bearer', token: BEARER },
    headers: { 'x-shop': '17' },
    tls: null,
    signing: { scheme: 'hmac-sha256', secrets: [{ value: SECRET, created_at: now, expires_at: null }] },
    event_style: 'snake_case',
    success: '2xx',
    retry_policy: { delays_s: [1] },
    max_in_flight: 20,
    rate_limit_per_s: null,
    timeout_ms: 5_000,
    auto_disable: null,
    created_at: now,
    updated_at: now,
    ...fields,
  };
}

/** A delivery that waits for its first attempt. */
export function aDelivery(
  event: Pick<EventRecord, '_id' | 'type'>,
  subscriptionId: string,
  fields: Partial<DeliveryRecord> = {},
): DeliveryRecord {
  const now = new Date();
  return {
    _id: deliveryIdOf(event._id, subscriptionId),
    event_id: event._id,
    event_type: event.type,
    merchant_id: 'm_1',
    owner_key: 'merchant:m_1',
    subscription_id: subscriptionId,
    transaction_id: null,
    url: 'https://shop.example/hooks',
    event_style: 'snake_case',
    status: 'pending',
    round: 0,
    round_started_at: now,
    attempts_made: 0,
    attempts_total: 0,
    next_attempt_at: now,
    due_at: now,
    held_back_by: null,
    last_outcome: null,
    dead_letter: null,
    created_at: now,
    completed_at: null,
    attempts: [],
    ...fields,
  };
}

/** An attempt that a receiver answered with 500. */
export function anAttempt(fields: Partial<AttemptRecord> = {}): AttemptRecord {
  return {
    _id: newId('att'),
    number: 1,
    round: 0,
    trigger: 'first',
    started_at: new Date(),
    duration_ms: 3,
    outcome: 'http_error',
    http_status: 500,
    response_headers: {},
    response_body: '',
    retry_after_s: null,
    next_attempt_at: null,
    ...fields,
  };
}
