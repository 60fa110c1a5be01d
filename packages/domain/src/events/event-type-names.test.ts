import { EVENT_TYPE_NAMES, eventTypeAliases, eventTypeName, resolveEventType } from './event-type-names.ts';
import type { EventType } from './event-types.ts';

describe('names of event types', () => {
  test('document 000 has its thirteen names', () => {
    const documented =
      'payment_succeeded, payment_failed, payment_processing, action_required, refund_succeeded, refund_failed, ' +
      'dispute_opened, dispute_expired, dispute_accepted, dispute_cancelled, dispute_challenged, dispute_won, dispute_lost';
    for (const name of documented.split(', ')) expect(resolveEventType(name)).toBe(name);
  });

  test.each<[string, EventType]>([
    ['payment.completed', 'payment_succeeded'],
    ['payment.failed', 'payment_failed'],
    ['refund.initiated', 'refund_initiated'],
    ['refund.completed', 'refund_succeeded'],
    ['customer.created', 'customer_created'],
    ['customer.updated', 'customer_updated'],
  ])('document 001 calls it %s', (alias, type) => {
    expect(resolveEventType(alias)).toBe(type);
    expect(eventTypeName(type, 'dotted')).toBe(alias);
  });

  test.each<[EventType, string]>([
    ['dispute_opened', 'dispute.opened'],
    ['subscription_status_changed', 'subscription.status_changed'],
    ['chargeback', 'chargeback'],
  ])('%s is dotted as %s', (type, name) => {
    expect(eventTypeName(type, 'dotted')).toBe(name);
    expect(eventTypeName(type, 'snake_case')).toBe(type);
  });

  test('a type with two dotted spellings is found by both, the documented one first', () => {
    expect(eventTypeAliases('payment_succeeded')).toEqual(['payment.completed', 'payment.succeeded']);
    expect(resolveEventType('payment.succeeded')).toBe('payment_succeeded');
    expect(eventTypeAliases('chargeback')).toEqual([]);
  });

  test('no spelling means two types', () => {
    const spellings = EVENT_TYPE_NAMES.flatMap((type) => [type, ...eventTypeAliases(type)]);
    expect(new Set(spellings).size).toBe(spellings.length);
  });

  test.each(['', '*', 'payment', 'payment_completed', 'PAYMENT_SUCCEEDED', 'constructor', '__proto__'])(
    '%j means nothing',
    (name) => {
      expect(resolveEventType(name)).toBeUndefined();
    },
  );
});
