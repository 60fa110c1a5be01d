import { deliveryIdOf, newId } from '@owngateway/domain';
import type {
  AttemptRecord,
  DeliveryRecord,
  EventRecord,
  NotificationRecord,
  SubscriptionRecord,
} from '@owngateway/store';

/** An event as ingress stores it. The amount is one that JavaScript would not write back as it came. */
export function anEvent(fields: Partial<EventRecord> = {}): EventRecord {
  const _id = fields._id ?? newId('evt');
  return {
    _id,
    merchant_id: 'm_1',
    dedupe_key: `acct:${_id}:0`,
    type: 'payment_succeeded',
    origin: 'processor',
    object_type: 'payment',
    connector: 'stripe',
    connector_account_id: newId('acct'),
    notification_id: newId('ntf'),
    references: ['pi_1', 'A-17'],
    occurred_at: new Date('2026-11-21T10:00:00Z'),
    created_at: new Date('2026-11-21T10:00:01Z'),
    body: `{"id":"${_id}","type":"payment_succeeded","amount":1.10,"big":9007199254740993}`,
    ...fields,
  };
}

/** A delivery that was given up after one attempt, as the dispatcher writes it. */
export function aDelivery(
  event: EventRecord,
  subscription: Pick<SubscriptionRecord, '_id' | 'owner_key' | 'url'>,
  fields: Partial<DeliveryRecord> = {},
): DeliveryRecord {
  const at = new Date('2026-11-21T10:00:02Z');
  return {
    _id: deliveryIdOf(event._id, subscription._id),
    event_id: event._id,
    event_type: event.type,
    merchant_id: event.merchant_id,
    owner_key: subscription.owner_key,
    subscription_id: subscription._id,
    transaction_id: null,
    url: subscription.url,
    event_style: 'snake_case',
    status: 'failed',
    round: 0,
    round_started_at: at,
    attempts_made: 1,
    attempts_total: 1,
    next_attempt_at: null,
    held_back_by: null,
    last_outcome: 'http_error',
    dead_letter: { reason: 'attempts_exhausted', at },
    created_at: at,
    completed_at: at,
    attempts: [anAttempt()],
    ...fields,
  };
}

export function anAttempt(fields: Partial<AttemptRecord> = {}): AttemptRecord {
  return {
    _id: newId('att'),
    number: 1,
    round: 0,
    trigger: 'first',
    started_at: new Date('2026-11-21T10:00:02Z'),
    duration_ms: 12,
    outcome: 'http_error',
    http_status: 500,
    response_headers: { 'content-type': 'text/plain' },
    response_body: 'oops',
    retry_after_s: null,
    next_attempt_at: null,
    ...fields,
  };
}

export function aNotification(fields: Partial<NotificationRecord> = {}): NotificationRecord {
  return {
    _id: newId('ntf'),
    merchant_id: 'm_1',
    connector: 'stripe',
    connector_account_id: newId('acct'),
    received_at: new Date(),
    signed_at: new Date(),
    headers: { 'stripe-signature': ['t=1,v1=ab'] },
    query: 'a=b',
    body: Buffer.from([0, 255, 123, 125]),
    verdict: 'accepted',
    items: [
      { dedupe_key: 'k', connector_type: 'charge.updated', event_id: null, event_type: null, reason: 'unmapped' },
    ],
    ...fields,
  };
}
