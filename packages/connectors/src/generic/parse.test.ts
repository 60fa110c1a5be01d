import { rawNotification } from '../testing/contract-subject.ts';
import { generic } from './connector.ts';
import { type GenericDefinitionInput, genericDefinition } from './definition/definition.ts';

const receivedAt = new Date('2026-11-21T10:00:00Z');

/** What one notification becomes under a definition with these parts. */
function itemsOf(parts: Partial<GenericDefinitionInput>, body: string | object) {
  const definition = genericDefinition.parse({
    signature: { algorithm: 'hmac-sha256', header: 'x-signature' },
    event_type: 'type',
    mapping: [{ type: '*', event: 'payment_succeeded' }],
    ...parts,
  });
  const raw = rawNotification(typeof body === 'string' ? body : JSON.stringify(body));
  const parsed = generic.parse({ ...raw, receivedAt }, definition);
  if (!parsed.ok) {
    throw new Error(parsed.detail);
  }
  return parsed.items;
}

const objectOf = (object: GenericDefinitionInput['object'], body: string | object) =>
  itemsOf({ object }, body)[0]?.event?.object;

describe('the amount', () => {
  const amount = (unit: 'minor' | 'major', json: string, currency = '"EUR"', decimals: Record<string, number> = {}) =>
    objectOf(
      { amount: { path: 'amount', unit, decimals }, currency: 'currency' },
      `{"type":"a","amount":${json},"currency":${currency}}`,
    )?.amount_minor;

  it.each([
    ['minor', '1005', '"EUR"', 1_005],
    ['minor', '"1005"', '"EUR"', 1_005],
    ['minor', '1005.00', '"EUR"', 1_005],
    ['minor', '1005.5', '"EUR"', null],
    ['minor', '1e3', '"EUR"', null],
    ['minor', '-1005', 'null', -1_005],
    ['minor', '9007199254740993', '"EUR"', null],
    ['minor', '"10 EUR"', '"EUR"', null],
    ['major', '10.05', '"eur"', 1_005],
    ['major', '"10.05"', '"EUR"', 1_005],
    ['major', '1.15', '"EUR"', 115],
    ['major', '10.050', '"EUR"', 1_005],
    ['major', '10.055', '"EUR"', null],
    ['major', '1.00000000000000001', '"EUR"', null],
    ['major', '1000', '"JPY"', 1_000],
    ['major', '1.234', '"KWD"', 1_234],
    ['major', '10.05', 'null', null],
    ['major', '10.05', '"BTC"', null],
    ['major', '{}', '"EUR"', null],
  ] as const)('in %s units: %s of %s is %p', (unit, json, currency, expected) => {
    expect(amount(unit, json, currency)).toBe(expected);
  });

  it('is counted in the decimals that the provider uses', () => {
    expect(amount('minor', '10000', '"XOF"', { XOF: 2 })).toBe(100);
    expect(amount('minor', '10050', '"XOF"', { XOF: 2 })).toBeNull();
    expect(amount('minor', '1234', '"KWD"', { KWD: 2 })).toBe(12_340);
    expect(amount('minor', '10000', '"EUR"', { XOF: 2 })).toBe(10_000);
  });

  it('has the currency that is usual where none is named', () => {
    const object = objectOf(
      { amount: { path: 'amount', unit: 'major' }, currency: 'currency', default_currency: 'GBP' },
      { type: 'a', amount: 1.5 },
    );
    expect(object).toMatchObject({ amount_minor: 150, currency: 'GBP' });
  });
});

describe('references', () => {
  it('are texts or numbers, the first that is there, and exact', () => {
    const places = { connector_reference: 'a | b.c | ["d.e"]' };
    const referenceIn = (json: string) => objectOf(places, `{"type":"a",${json}}`)?.connector_reference;
    expect(referenceIn('"a":"x","b":{"c":"y"}')).toBe('x');
    expect(referenceIn('"a":null,"b":{"c":12345678901234567890}')).toBe('12345678901234567890');
    expect(referenceIn('"a":"","b":{"c":{}},"d.e":"z"')).toBe('z');
    expect(referenceIn(`"a":"${'x'.repeat(256)}"`)).toBeNull();
  });

  it('name a payment and a customer by themselves', () => {
    const eventOf = (event: 'refund_succeeded' | 'customer_created' | 'payment_failed') =>
      itemsOf({ mapping: [{ type: 'a', event }], object: { connector_reference: 'id' } }, { type: 'a', id: 'x1' })[0]
        ?.event;
    expect(eventOf('payment_failed')?.object).toMatchObject({ payment_reference: 'x1', customer: null });
    expect(eventOf('refund_succeeded')?.object).toMatchObject({ payment_reference: null, customer: null });
    expect(eventOf('customer_created')?.object).toMatchObject({ payment_reference: null, customer: 'x1' });
  });

  it('find the order in metadata, of which plain values are passed on', () => {
    const object = objectOf(
      { metadata: 'meta' },
      '{"type":"a","meta":{"order_id":"A-17","n":1.50,"ok":true,"deep":{"a":1},"__proto__":"x"}}',
    );
    expect(object).toMatchObject({ merchant_reference: 'A-17', metadata: { order_id: 'A-17', n: '1.50', ok: 'true' } });
  });
});

describe('the key of an event', () => {
  const keyOf = (event_id: GenericDefinitionInput['event_id'], body: object) =>
    itemsOf(event_id === undefined ? {} : { event_id }, { type: 'a', ...body })[0]?.key;

  it('is its id, or its parts, which cannot run into each other', () => {
    expect(keyOf('id', { id: 'e:1' })).toBe('e:1');
    expect(keyOf(['id', 'state'], { id: 'e', state: 'b:c' })).toBe('e:b%3Ac');
    expect(keyOf(['id', 'state'], { id: 'e:b', state: 'c' })).toBe('e%3Ab:c');
    expect(keyOf(['id', 'state'], { id: 'e%3Ab', state: 'c' })).toBe('e%253Ab:c');
  });

  it('is the digest of the body without an id, or when a part of it is missing', () => {
    const digest = /^[0-9a-f]{64}:0$/;
    const keys = [keyOf(undefined, { n: 1 }), keyOf('id', { n: 1 }), keyOf(['id', 'n'], { n: 1 })];
    expect(keys).toEqual([expect.stringMatching(digest), keys[0], keys[0]]);
    expect(keyOf('id', { n: 2 })).not.toBe(keys[0]);
  });
});

describe('when it happened', () => {
  const occurredAt = (parts: Partial<GenericDefinitionInput>, body: object) =>
    itemsOf(parts, { type: 'a', ...body })[0]?.event?.occurredAt.toISOString();

  it.each([
    [{ path: 'at', unit: 's' }, { at: 1_795_255_260 }, '2026-11-21T10:01:00.000Z'],
    [{ path: 'at', unit: 's' }, { at: 1_795_255_260.25 }, '2026-11-21T10:01:00.250Z'],
    [{ path: 'at', unit: 'ms' }, { at: '1795255260001' }, '2026-11-21T10:01:00.001Z'],
    [{ path: 'x | at', unit: 'iso8601' }, { at: '2026-11-21T15:31:00+0530' }, '2026-11-21T10:01:00.000Z'],
    [{ path: 'at', unit: 'iso8601' }, { at: 'yesterday' }, '2026-11-21T10:00:00.000Z'],
    [undefined, {}, '2026-11-21T10:00:00.000Z'],
  ] as const)('%j of %j is %s', (place, body, expected) => {
    expect(occurredAt(place === undefined ? {} : { occurred_at: place }, body)).toBe(expected);
  });
});

describe('rows', () => {
  it('are chosen by type and one value, which may be a number or a boolean', () => {
    const mapping: GenericDefinitionInput['mapping'] = [
      { type: 'payment', when: { field: 'data.code', is: ['1', '2'] }, event: 'payment_succeeded' },
      { type: 'payment', when: { field: 'data.final', is: ['true'] }, event: 'payment_failed', detail: 'final' },
      { type: 'payment.*', event: null },
      { type: '*', event: 'action_required', origin: 'system' },
    ];
    const eventOf = (body: object) => itemsOf({ mapping }, body)[0]?.event;
    expect(eventOf({ type: 'payment', data: { code: 2 } })).toMatchObject({
      type: 'payment_succeeded',
      origin: 'processor',
    });
    expect(eventOf({ type: 'payment', data: { final: true } })).toMatchObject({ type: 'payment_failed' });
    expect(eventOf({ type: 'payment', data: {} })).toMatchObject({ type: 'action_required', origin: 'system' });
    expect(eventOf({ type: 'payment.x' })).toBeNull();
    expect(itemsOf({ mapping: mapping.slice(0, 1) }, { type: 'payment' })[0]?.reason).toBe('unmapped');
  });

  it('are chosen by whether something is there', () => {
    const mapping: GenericDefinitionInput['mapping'] = [
      { type: 'REJECTED', when: { field: 'payment_id | order.id', present: true }, event: null },
      { type: 'REJECTED', event: 'payment_failed' },
    ];
    const eventOf = (body: object) => itemsOf({ mapping }, { type: 'REJECTED', ...body })[0]?.event?.type ?? null;
    expect(
      [{ payment_id: 'p1' }, { payment_id: 7 }, { payment_id: false }, { order: { id: 'o1' } }].map(eventOf),
    ).toEqual(Array(4).fill(null));
    expect([{}, { payment_id: null }, { payment_id: '' }, { payment_id: {} }].map(eventOf)).toEqual(
      Array(4).fill('payment_failed'),
    );
  });

  it('have no say about something without a type', () => {
    expect(itemsOf({}, '[1]')[0]).toMatchObject({ connectorType: 'unknown', event: null, reason: 'unsupported' });
  });
});

describe('a list', () => {
  it('is unreadable when it is none, or longer than any', () => {
    expect(() => itemsOf({ items: 'events' }, { type: 'a' })).toThrow('no list');
    expect(() => itemsOf({ items: 'events' }, { events: Array(1_001).fill({}) })).toThrow('no list');
    expect(itemsOf({ items: 'events' }, { events: [] })).toEqual([]);
  });

  it('keeps its good items beside others, each under a key of its own', () => {
    const items = itemsOf(
      { items: 'data.list', event_id: 'id' },
      { data: { list: [{ type: 'a', id: 1 }, 7, null, { type: 'a' }] } },
    );
    expect(items.map(({ reason }) => reason)).toEqual([null, 'unsupported', 'unsupported', null]);
    expect(new Set(items.map(({ key }) => key)).size).toBe(4);
  });
});

describe('the acknowledgement', () => {
  it('is what the definition says', () => {
    const definition = genericDefinition.parse({
      signature: { algorithm: 'static', header: 'x-token' },
      event_type: 'type',
      mapping: [{ type: 'a', event: null }],
      acknowledgement: { status: 202, content_type: 'application/json', body: '{"ok":true}' },
    });
    expect(generic.acknowledgementFor?.(definition)).toEqual({
      status: 202,
      contentType: 'application/json',
      body: '{"ok":true}',
    });
  });
});
