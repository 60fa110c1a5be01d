import { newId } from '@owngateway/domain';
import type { DeliveryRecord } from '@owngateway/store';

/** A delivery as the store has it, waiting for its first attempt since `at` unless `fields` say otherwise. */
export function aStoredDelivery(_id: string, at: Date, fields: Partial<DeliveryRecord> = {}): DeliveryRecord {
  return {
    _id,
    event_id: newId('evt'),
    event_type: 'payment_succeeded',
    merchant_id: 'm_stored',
    owner_key: 'merchant:m_stored',
    subscription_id: 'sub_stored',
    transaction_id: null,
    url: 'http://127.0.0.1:1/',
    event_style: 'snake_case',
    status: 'pending',
    round: 0,
    round_started_at: at,
    attempts_made: 0,
    attempts_total: 0,
    next_attempt_at: null,
    held_back_by: null,
    last_outcome: null,
    dead_letter: null,
    created_at: at,
    completed_at: null,
    attempts: [],
    ...fields,
  };
}
