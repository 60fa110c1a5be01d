import type { Classification, OwnerKey } from '@owngateway/domain';
import { newId } from '@owngateway/domain';
import { signatureKeyOf } from '@owngateway/signature';
import type { DeliveryRecord, Settlement, SettlementOutcome } from '@owngateway/store';
import type { AttemptEnd } from '../../src/delivery/attempt.ts';
import type { Recipient } from '../../src/directory/recipient.ts';
import type { SendableEvent } from '../../src/fan-out/first-delivery.ts';
import { anAttempt, SECRET } from './records.ts';

export const NOW = new Date('2026-11-21T10:00:00.000Z');
export const NOW_MS = NOW.getTime();
export const now = () => NOW;

export function aRecipient(fields: Partial<Recipient> = {}): Recipient {
  const id = fields.id ?? 'sub_1';
  return {
    id,
    version: 1,
    owner: { level: 'merchant', id: 'm_1' },
    ownerKey: 'merchant:m_1' as OwnerKey,
    subscriptionId: id,
    enabled: true,
    endpointKey: '0 https://shop.example/hooks',
    enabledAt: null,
    failingSince: null,
    autoDisableAfterS: null,
    url: 'https://shop.example/hooks',
    eventStyle: 'snake_case',
    success: '2xx',
    retryPolicy: { delays_s: [60] },
    timeoutMs: 5_000,
    maxInFlight: 2,
    rateLimitPerS: null,
    tls: () => null,
    headers: { authorization: 'Bearer token' },
    matches: () => true,
    signingKeys: () => [signatureKeyOf(SECRET)],
    ...fields,
  };
}

export function aSendableEvent(fields: Partial<SendableEvent> = {}): SendableEvent {
  const _id = fields._id ?? newId('evt');
  return {
    _id,
    merchant_id: 'm_1',
    type: 'payment_succeeded',
    body: `{"id":"${_id}","type":"payment_succeeded","amount_minor":2000.0}`,
    references: [],
    created_at: NOW,
    awaiting_fan_out_since: NOW,
    ...fields,
  };
}

const CLASSIFICATIONS: Record<'ok' | 'failed' | 'gone', Classification> = {
  ok: { kind: 'delivered', outcome: 'delivered' },
  failed: { kind: 'retry', outcome: 'http_error', retryAfterS: null },
  gone: { kind: 'disable_subscription', outcome: 'http_error' },
};

/** An attempt that ended so. */
export function ended(how: keyof typeof CLASSIFICATIONS): Extract<AttemptEnd, { kind: 'ended' }> {
  const classification = CLASSIFICATIONS[how];
  return { kind: 'ended', classification, record: anAttempt({ outcome: classification.outcome }) };
}

/** A writer that remembers, and answers as it is told. */
export function fakeWriter() {
  const inserted: DeliveryRecord[] = [];
  const settled: Settlement[] = [];
  return {
    inserted,
    settled,
    insertOutcome: 'inserted' as 'inserted' | 'exists',
    settleOutcome: 'settled' as SettlementOutcome,
    writable: Promise.resolve(),
    async insert(record: DeliveryRecord) {
      inserted.push(record);
      return this.insertOutcome;
    },
    async settle(settlement: Settlement) {
      settled.push(settlement);
      return this.settleOutcome;
    },
    whenWritable() {
      return this.writable;
    },
    async drain() {},
    abandon() {},
  };
}

/** Remembers what was to follow. */
export function fakeAftermath() {
  const followed: { id: string; status: string; withRetry: boolean }[] = [];
  return {
    followed,
    async follow({ id }: { id: string }, _recipient: Recipient, { status }: Settlement['next']) {
      followed.push({ id, status, withRetry: true });
    },
    async followWithoutRetry({ id }: { id: string }, _recipient: Recipient, { status }: Settlement['next']) {
      followed.push({ id, status, withRetry: false });
    },
  };
}

/** Lets everything that waits for nothing but other promises happen. */
export async function settleMicrotasks(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
