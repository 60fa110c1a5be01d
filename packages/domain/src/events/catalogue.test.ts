import { z } from 'zod';
import { describeEventType, listEventTypes } from './catalogue.ts';
import { renderBody, serialiseEnvelope } from './envelope.ts';
import { envelopeSchema } from './envelope-schema.ts';
import { EVENT_TYPE_NAMES } from './event-type-names.ts';
import { EVENT_TYPES } from './event-types.ts';
import { sampleEnvelope, sampleEvent } from './samples.ts';

describe('the catalogue', () => {
  test('lists every type with its description, spellings and origin', () => {
    expect(listEventTypes().map((entry) => entry.type)).toEqual(Object.keys(EVENT_TYPES));
    expect(describeEventType('payment_succeeded')).toMatchObject({
      description: EVENT_TYPES.payment_succeeded.description,
      aliases: ['payment.completed', 'payment.succeeded'],
      origin: 'processor',
      object_types: ['payment'],
    });
    expect(describeEventType('customer_updated').object_types).toEqual(['customer', 'mandate']);
  });

  test.each(EVENT_TYPE_NAMES)(
    'the sample of %s is valid by the schema it is published with, in both styles',
    (type) => {
      const { schema } = describeEventType(type);
      const published = z.fromJSONSchema(schema);
      const body = serialiseEnvelope(sampleEnvelope(type));
      for (const style of ['snake_case', 'dotted'] as const) {
        const received: unknown = JSON.parse(renderBody(body, type, style));
        expect(envelopeSchema(type).safeParse(received).error).toBeUndefined();
        expect(published.safeParse(received).error).toBeUndefined();
      }
    },
  );

  test('a published schema refuses what is not of its type', () => {
    const published = z.fromJSONSchema(describeEventType('payment_succeeded').schema);
    const sample = sampleEnvelope('payment_succeeded');
    expect(published.safeParse(sampleEnvelope('refund_failed')).success).toBe(false);
    expect(published.safeParse({ ...sample, id: 'evt_1' }).success).toBe(false);
    expect(published.safeParse({ ...sample, merchant_id: null }).success).toBe(false);
    const object = { ...sample.data.object, amount_minor: 20.5 };
    expect(published.safeParse({ ...sample, data: { ...sample.data, object } }).success).toBe(false);
  });

  test('a published schema allows fields that are added later', () => {
    const published = z.fromJSONSchema(describeEventType('payment_succeeded').schema);
    const sample = sampleEnvelope('payment_succeeded');
    const object = { ...sample.data.object, added_later: 1 };
    expect(published.safeParse({ ...sample, new_field: 1, data: { ...sample.data, object } }).success).toBe(true);
  });

  test('only endpoint_disabled may name an owner instead of a merchant', () => {
    const envelope = {
      ...sampleEnvelope('endpoint_disabled'),
      merchant_id: null,
      owner: { level: 'reseller', id: 'r_1' },
    };
    expect(envelopeSchema('endpoint_disabled').safeParse(envelope).success).toBe(true);
  });

  test('customer_updated may speak of a mandate', () => {
    const sample = sampleEnvelope('customer_updated');
    const envelope = { ...sample, data: { ...sample.data, object_type: 'mandate' } };
    expect(envelopeSchema('customer_updated').safeParse(envelope).success).toBe(true);
    const other = { ...sample, data: { ...sample.data, object_type: 'payment' } };
    expect(envelopeSchema('customer_updated').safeParse(other).success).toBe(false);
  });

  test('samples have ids of their own, and changing one changes no other', () => {
    expect(new Set(EVENT_TYPE_NAMES.map((type) => sampleEnvelope(type).id)).size).toBe(EVENT_TYPE_NAMES.length);
    sampleEvent('payment_succeeded').object.metadata.cart = 'changed';
    expect(sampleEvent('payment_succeeded').object.metadata).toEqual({ cart: '8731' });
  });
});
