import fc from 'fast-check';
import { buildEnvelope, referencesOf, renderBody, serialiseEnvelope } from './envelope.ts';
import type { EventObject, NormalisedEvent } from './event.ts';
import { EVENT_TYPE_NAMES, eventTypeName } from './event-type-names.ts';

const ID = 'evt_0192f0c1a2b37c4d8e5f60718293a4b5';

const paymentObject: EventObject = {
  connector_reference: 'pi_1',
  payment_reference: 'pi_1',
  merchant_reference: 'A-17',
  amount_minor: 2000,
  currency: 'USD',
  status: 'succeeded',
  detail: null,
  customer: null,
  metadata: {},
};

const paymentSucceeded: NormalisedEvent = {
  type: 'payment_succeeded',
  origin: 'processor',
  occurredAt: new Date('2026-11-01T12:00:00.123Z'),
  objectType: 'payment',
  object: paymentObject,
  previous: null,
};

function bodyOf(event: NormalisedEvent, more: { includeSource?: boolean } = {}): string {
  return serialiseEnvelope(
    buildEnvelope({
      id: ID,
      event,
      merchantId: 'm_42',
      environment: 'sandbox',
      connector: 'stripe',
      createdAt: new Date('2026-11-01T12:00:01Z'),
      ...more,
    }),
  );
}

describe('serialiseEnvelope', () => {
  test('writes the documented bytes', () => {
    expect(bodyOf(paymentSucceeded)).toBe(
      `{"id":"${ID}","type":"payment_succeeded","api_version":"2026-11-01","environment":"sandbox",` +
        '"merchant_id":"m_42","origin":"processor","connector":"stripe","occurred_at":"2026-11-01T12:00:00.123Z",' +
        '"created_at":"2026-11-01T12:00:01.000Z","data":{"object_type":"payment","object":{"connector_reference":"pi_1",' +
        '"payment_reference":"pi_1","merchant_reference":"A-17","amount_minor":2000,"currency":"USD",' +
        '"status":"succeeded","detail":null,"customer":null,"metadata":{}},"previous":null}}',
    );
  });

  test('keeps the order of keys, however a connector put its object together', () => {
    const reversed = Object.fromEntries(Object.entries(paymentObject).reverse()) as unknown as EventObject;
    expect(bodyOf({ ...paymentSucceeded, object: reversed })).toBe(bodyOf(paymentSucceeded));
  });

  test('leaves out what an object has beyond its documented fields', () => {
    const object: EventObject & { card_number: string } = { ...paymentObject, card_number: '4242424242424242' };
    expect(bodyOf({ ...paymentSucceeded, object })).toBe(bodyOf(paymentSucceeded));
  });

  test("tells the vendor's own object last, where it is asked for, and without card data", () => {
    const event = { ...paymentSucceeded, source: { id: 'pi_1', client_secret: 'x' } };
    const told = bodyOf(paymentSucceeded).replace(/}}$/, ',"source":{"id":"pi_1","client_secret":"[removed]"}}}');
    expect(bodyOf(event, { includeSource: true })).toBe(told);
    expect(bodyOf(event)).toBe(bodyOf(paymentSucceeded));
  });

  test('has null for a source that is not known or too large', () => {
    const large = { ...paymentSucceeded, source: 'x'.repeat(300_000) };
    for (const event of [paymentSucceeded, large]) {
      expect(JSON.parse(bodyOf(event, { includeSource: true })).data.source).toBeNull();
    }
  });

  test('names the owner where there is no merchant', () => {
    const envelope = buildEnvelope({
      id: ID,
      event: { ...paymentSucceeded, type: 'endpoint_disabled', objectType: 'endpoint' },
      merchantId: null,
      owner: { level: 'reseller', id: 'r_1' },
      environment: 'production',
      connector: null,
      createdAt: new Date(0),
    });
    expect(serialiseEnvelope(envelope)).toContain(
      '"merchant_id":null,"owner":{"level":"reseller","id":"r_1"},"origin"',
    );
  });
});

describe('renderBody', () => {
  test('snake_case is the stored body itself', () => {
    const body = bodyOf(paymentSucceeded);
    expect(renderBody(body, 'payment_succeeded', 'snake_case')).toBe(body);
  });

  test('dotted changes the value of type and not one byte more, whatever the event says', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 });
    // Values that look like the field which is replaced must stay as they are.
    const tricky = fc.oneof(text, fc.constant('","type":"payment_succeeded",'), fc.constantFrom(...EVENT_TYPE_NAMES));
    const objects = fc.record({
      connector_reference: fc.option(tricky),
      payment_reference: fc.option(tricky),
      merchant_reference: fc.option(tricky),
      amount_minor: fc.option(fc.maxSafeInteger()),
      currency: fc.option(fc.constantFrom('USD', 'JPY')),
      status: tricky,
      detail: fc.option(tricky),
      customer: fc.option(tricky),
      metadata: fc.dictionary(tricky, tricky, { maxKeys: 4 }),
    });
    fc.assert(
      fc.property(fc.constantFrom(...EVENT_TYPE_NAMES), objects, (type, object) => {
        const stored = bodyOf({ ...paymentSucceeded, type, object });
        const rendered = renderBody(stored, type, 'dotted');
        const name = eventTypeName(type, 'dotted');
        const at = `{"id":"${ID}","type":"`.length;
        expect(rendered.slice(0, at)).toBe(stored.slice(0, at));
        expect(rendered.slice(at, at + name.length)).toBe(name);
        expect(rendered.slice(at + name.length)).toBe(stored.slice(at + type.length));
        expect(JSON.parse(rendered)).toEqual({ ...JSON.parse(stored), type: name });
        expect(renderBody(stored, type, 'dotted')).toBe(rendered);
      }),
    );
  });

  test('numbers that JavaScript would write differently survive', () => {
    const stored = `{"id":"${ID}","type":"payment_succeeded","x":1.0,"y":12345678901234567890}`;
    expect(renderBody(stored, 'payment_succeeded', 'dotted')).toBe(
      `{"id":"${ID}","type":"payment.completed","x":1.0,"y":12345678901234567890}`,
    );
  });

  test.each(['', '{}', '{"id":"evt_1"}', '{"type":"payment_succeeded","id":"evt_1"}', bodyOf(paymentSucceeded)])(
    'a body that is not of this type is a fault: %s',
    (stored) => {
      expect(() => renderBody(stored, 'refund_failed', 'dotted')).toThrow('refund_failed');
    },
  );
});

describe('referencesOf', () => {
  test('gives each reference once and no null', () => {
    expect(referencesOf(paymentObject)).toEqual(['pi_1', 'A-17']);
    expect(
      referencesOf({ ...paymentObject, connector_reference: null, payment_reference: null, merchant_reference: null }),
    ).toEqual([]);
  });
});
