import fc from 'fast-check';
import { type GenericDefinitionInput, genericDefinition, storedDefinition } from './definition.ts';

const definition: GenericDefinitionInput = {
  signature: { algorithm: 'hmac-sha256', header: 'X-Acme-Signature', pair: 'v1', signed: '{timestamp}.{body}' },
  timestamp: { source: 'pair:t', unit: 's' },
  event_id: 'id',
  event_type: 'type',
  mapping: [{ type: 'payment.paid', event: 'payment_succeeded' }],
};

/** Where the faults of a definition are, as `a.b.0`. */
function faultsOf(candidate: unknown): string[] {
  const read = genericDefinition.safeParse(candidate);
  return read.success ? [] : read.error.issues.map(({ path }) => path.join('.'));
}

const signature = (more: object) => ({ ...definition, signature: { ...definition.signature, ...more } });
const object = (more: object) => ({ ...definition, object: more });
const row = (more: object) => ({ ...definition, mapping: [{ type: 'a', event: null, ...more }] });

const rows = (...more: object[]) => ({
  ...definition,
  mapping: more.map((one) => ({ type: 'a', event: null, ...one })),
});

describe('the definition of a provider', () => {
  it('fills in what is usual', () => {
    expect(genericDefinition.parse(definition)).toEqual({
      ...definition,
      signature: { ...definition.signature, header: 'x-acme-signature', encoding: 'hex', key_encoding: 'utf8' },
      timestamp: { source: 'pair:t', unit: 's', tolerance_s: 300 },
      object: {},
      acknowledgement: { status: 200, body: '' },
    });
  });

  it('is the same when it is read again', () => {
    const stored = JSON.parse(JSON.stringify(genericDefinition.parse(definition)));
    expect(genericDefinition.parse(stored)).toEqual(stored);
  });

  it.each<[string, unknown, string[]]>([
    ['no signature', { ...definition, signature: undefined }, ['signature']],
    ['an algorithm that is none', signature({ algorithm: 'none' }), ['signature.algorithm']],
    ['an algorithm that is not keyed', signature({ algorithm: 'sha256' }), ['signature.algorithm']],
    ['a header that cannot be one', signature({ header: 'x signature:' }), ['signature.header']],
    ['an encoding nobody has', signature({ encoding: 'base32' }), ['signature.encoding']],
    ['an unknown field of the signature', signature({ secret: 'x' }), ['signature']],
    ['an unknown field', { ...definition, script: 'x' }, ['']],
    ['an unknown placeholder', signature({ signed: '{timestamp}.{method}.{body}' }), ['signature.signed']],
    ['a brace too many', signature({ signed: '{timestamp}.{body}}' }), ['signature.signed']],
    ['a body that is not signed', signature({ signed: '{timestamp}' }), ['signature.signed']],
    ['a body that is signed twice', signature({ signed: '{timestamp}{body}{body}' }), ['signature.signed']],
    ['a time that is not signed', signature({ signed: '{body}' }), ['signature.signed']],
    ['a signed time without its place', { ...definition, timestamp: undefined }, ['timestamp']],
    ['a pair without pairs', signature({ pair: undefined }), ['timestamp.source']],
    ['a time in the body', { ...definition, timestamp: { source: 'sent_at', unit: 's' } }, ['timestamp.source']],
    ['a unit nobody has', { ...definition, timestamp: { source: 'pair:t', unit: 'ns' } }, ['timestamp.unit']],
    [
      'no tolerance at all',
      { ...definition, timestamp: { source: 'pair:t', unit: 's', tolerance_s: 0 } },
      ['timestamp.tolerance_s'],
    ],
    [
      'a day and more',
      { ...definition, timestamp: { source: 'pair:t', unit: 's', tolerance_s: 86_401 } },
      ['timestamp.tolerance_s'],
    ],
    ['a path that is none', { ...definition, event_type: 'data..type' }, ['event_type']],
    ['a path with a script', { ...definition, event_type: 'data[?(@.x)]' }, ['event_type']],
    ['a very long path', { ...definition, event_type: 'a.'.repeat(200) }, ['event_type']],
    ['an id from a header that is not signed', { ...definition, event_id: 'header:x-id' }, ['event_id']],
    ['an id partly from such a header', { ...definition, event_id: ['id', 'header:x-id'] }, ['event_id.1']],
    ['a type from such a header', { ...definition, event_type: 'type | header:x-type' }, ['event_type']],
    ['a condition on such a header', row({ when: { field: 'header:x', is: ['1'] } }), ['mapping.0.when.field']],
    ['the presence of such a header', row({ when: { field: 'header:x', present: true } }), ['mapping.0.when.field']],
    ['a condition that asks nothing', row({ when: { field: 'a' } }), ['mapping.0.when']],
    ['a condition that asks twice', row({ when: { field: 'a', is: ['1'], present: true } }), ['mapping.0.when']],
    ['a condition of absence', row({ when: { field: 'a', present: false } }), ['mapping.0.when.present']],
    ['an amount from such a header', object({ amount: { path: 'header:x', unit: 'minor' } }), ['object.amount.path']],
    ['a currency from such a header', object({ currency: 'header:x' }), ['object.currency']],
    ['an event type that there is not', row({ event: 'payment_paid' }), ['mapping.0.event']],
    ['an event that only the gateway raises', row({ event: 'endpoint_disabled' }), ['mapping.0.event']],
    ['a * that is not at the end', row({ type: 'a*b' }), ['mapping.0.type']],
    ['a * before the one at the end', row({ type: 'a*b*' }), ['mapping.0.type']],
    ['a row twice', rows({}, {}), ['mapping.1.type']],
    [
      'a condition twice',
      rows({ when: { field: 'b', is: ['1'] } }, { when: { field: 'b', is: ['1'] } }),
      ['mapping.1.type'],
    ],
    [
      'a condition behind a wider one',
      rows({ when: { field: 'b', is: ['1', '2'] } }, { when: { field: 'b', is: ['2'] } }),
      ['mapping.1.type'],
    ],
    [
      'one of some values behind any value',
      rows({ when: { field: 'b', present: true } }, { when: { field: 'b', is: ['1'] } }),
      ['mapping.1.type'],
    ],
    [
      'any value twice',
      rows({ when: { field: 'b', present: true } }, { when: { field: 'b', present: true } }),
      ['mapping.1.type'],
    ],
    ['a condition behind none', rows({}, { when: { field: 'b', is: ['1'] } }), ['mapping.1.type']],
    ['an ending behind all endings', rows({ type: 'a.*' }, { type: 'a.b.*' }), ['mapping.1.type']],
    ['a detail of nothing', row({ detail: 'authorized' }), ['mapping.0']],
    ['an empty list', { ...definition, mapping: [] }, ['mapping']],
    ['a currency code in lower case', object({ default_currency: 'eur' }), ['object.default_currency']],
    ['a redirect', { ...definition, acknowledgement: { status: 302 } }, ['acknowledgement.status']],
    [
      'a page',
      { ...definition, acknowledgement: { content_type: 'text/html', body: 'x' } },
      ['acknowledgement.content_type'],
    ],
    ['a body without a type', { ...definition, acknowledgement: { body: 'OK' } }, ['acknowledgement.content_type']],
    [
      'a body that cannot be sent',
      { ...definition, acknowledgement: { status: 204, content_type: 'text/plain', body: 'OK' } },
      ['acknowledgement.body'],
    ],
  ])('is refused with %s', (_what, candidate, faults) => {
    expect(faultsOf(candidate)).toEqual(faults);
  });

  it.each<[string, unknown]>([
    ['conditions on other values', rows({ when: { field: 'b', is: ['1'] } }, { when: { field: 'b', is: ['2'] } }, {})],
    ['any value behind some', rows({ when: { field: 'b', is: ['1'] } }, { when: { field: 'b', present: true } })],
    ['conditions on other fields', rows({ when: { field: 'b', is: ['1'] } }, { when: { field: 'c', is: ['1'] } })],
    ['an exact type behind an ending, which counts first', rows({ type: '*' }, { type: 'a' })],
    ['a wider ending behind a narrower one', rows({ type: 'a.*' }, { type: '*' })],
  ])('takes %s', (_what, candidate) => {
    expect(faultsOf(candidate)).toEqual([]);
  });

  it('that was stored before rows were compared is still read by', () => {
    expect(faultsOf(rows({}, {}))).toEqual(['mapping.1.type']);
    expect(storedDefinition.safeParse(rows({}, {})).success).toBe(true);
  });

  it('takes a header that is signed', () => {
    const signed = '{timestamp}.{header:X-Event}.{body}';
    expect(faultsOf({ ...signature({ signed }), event_type: 'header:x-event' })).toEqual([]);
  });

  it('takes any header beside a static value, which signs nothing, and no time', () => {
    const fixed = {
      ...definition,
      signature: { algorithm: 'static', header: 'x-token' },
      event_type: 'header:x-event',
    };
    expect(faultsOf({ ...fixed, timestamp: undefined })).toEqual([]);
    expect(faultsOf(fixed)).toEqual(['timestamp']);
  });

  it('never throws, whatever it is', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(definition)), fc.jsonValue(), (name, value) => {
        genericDefinition.safeParse({ ...definition, [name]: value });
      }),
    );
  });
});
