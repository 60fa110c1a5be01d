import { z } from 'zod';
import { normaliseRaisedEvent, raisedEventBatchSchema, raisedEventSchema } from './raised-event.ts';

const NOW = new Date('2026-11-01T12:00:00Z');

const minimal = {
  merchant_id: 'm_42',
  type: 'subscription_status_changed',
  origin: 'system',
  object_type: 'subscription',
  object: { status: 'paused' },
};

function nested(depth: number): unknown {
  return JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);
}

describe('raisedEventSchema', () => {
  test('needs only what nobody else can know', () => {
    expect(raisedEventSchema.parse(minimal)).toEqual({
      ...minimal,
      object: {
        connector_reference: null,
        payment_reference: null,
        merchant_reference: null,
        amount_minor: null,
        currency: null,
        status: 'paused',
        detail: null,
        customer: null,
        metadata: {},
      },
      previous: null,
    });
  });

  test('takes any spelling of a type and gives the canonical one', () => {
    const event = { ...minimal, type: 'refund.completed', object_type: 'refund' };
    expect(raisedEventSchema.parse(event).type).toBe('refund_succeeded');
  });

  test.each<[object, string]>([
    [{ extra: 1 }, ''],
    [{ merchant_id: 'm 42' }, 'merchant_id'],
    [{ type: 'paid' }, 'type'],
    [{ type: 'constructor' }, 'type'],
    [{ occurred_at: 'yesterday' }, 'occurred_at'],
    [{ occurred_at: '2026-02-30T00:00:00Z' }, 'occurred_at'],
    [{ origin: 'merchant' }, 'origin'],
    [{ object_type: 'payment' }, 'object_type'],
    [{ object: {} }, 'object.status'],
    [{ object: { status: 'x', pan: '4242' } }, 'object'],
    [{ object: { status: 'x', amount_minor: 1.5 } }, 'object.amount_minor'],
    [{ object: { status: 'x', amount_minor: 2 ** 53 } }, 'object.amount_minor'],
    [{ object: { status: 'x', amount_minor: '100' } }, 'object.amount_minor'],
    [{ object: { status: 'x', currency: 'usd' } }, 'object.currency'],
    [{ object: { status: 'x', metadata: { a: 1 } } }, 'object.metadata.a'],
    [{ object: { status: 'x', metadata: { a: 'v'.repeat(501) } } }, 'object.metadata.a'],
    [{ object: { status: 'x', metadata: { 'a\0': 'v' } } }, 'object.metadata.a\0'],
    [
      { object: { status: 'x', metadata: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, 'v'])) } },
      'object.metadata',
    ],
    [{ previous: nested(9) }, 'previous'],
    [{ previous: { a: 'x'.repeat(16_384) } }, 'previous'],
    [{ idempotency_key: '' }, 'idempotency_key'],
    [{ idempotency_key: 'a b' }, 'idempotency_key'],
  ])('%j is refused and named as "%s"', (change, path) => {
    const issues = raisedEventSchema.safeParse({ ...minimal, ...change }).error?.issues ?? [];
    expect(issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });

  test('JSON nested thousands deep is refused, and the stack survives', () => {
    expect(raisedEventSchema.safeParse({ ...minimal, previous: nested(45_000) }).success).toBe(false);
    expect(raisedEventSchema.safeParse({ ...minimal, previous: nested(8) }).success).toBe(true);
  });

  test('a batch names the faulty item, and holds 1 to 100', () => {
    const faulty = raisedEventBatchSchema.safeParse({ events: [minimal, { ...minimal, origin: 'x' }] });
    expect(faulty.error?.issues[0]?.path).toEqual(['events', 1, 'origin']);
    expect(raisedEventBatchSchema.safeParse({ events: [] }).success).toBe(false);
    expect(raisedEventBatchSchema.safeParse({ events: Array.from({ length: 101 }, () => minimal) }).success).toBe(
      false,
    );
  });

  test('can be published as JSON Schema', () => {
    expect(z.toJSONSchema(raisedEventSchema, { io: 'input' }).required).toEqual([
      'merchant_id',
      'type',
      'origin',
      'object_type',
      'object',
    ]);
  });
});

describe('normaliseRaisedEvent', () => {
  test('happened now unless it says when', () => {
    expect(normaliseRaisedEvent(raisedEventSchema.parse(minimal), NOW).occurredAt).toEqual(NOW);
    const dated = raisedEventSchema.parse({ ...minimal, occurred_at: '2026-10-31T23:00:00+02:00' });
    expect(normaliseRaisedEvent(dated, NOW).occurredAt.toISOString()).toBe('2026-10-31T21:00:00.000Z');
  });

  test('a payment that names only itself is its own payment; a refund is not', () => {
    const object = { status: 'x', connector_reference: 'r_1' };
    const payment = raisedEventSchema.parse({ ...minimal, type: 'payment_returned', object_type: 'payment', object });
    expect(normaliseRaisedEvent(payment, NOW).object.payment_reference).toBe('r_1');
    const refund = raisedEventSchema.parse({ ...minimal, type: 'refund_failed', object_type: 'refund', object });
    expect(normaliseRaisedEvent(refund, NOW).object.payment_reference).toBeNull();
  });
});
