import { InvalidWebhookSignatureError, WebhookSignatureValidator } from 'mercadopago';
import { openVendorDouble, outsideTo, type VendorDouble } from '../../tests/vendor-double.ts';
import type { RawNotification } from '../connector.ts';
import { fieldsOf } from '../payload/fields.ts';
import { rawNotification } from '../testing/contract-subject.ts';
import { describeConnector } from '../testing/contract-suite.ts';
import { signMercadoPago } from '../testing/signers.ts';
import { mercadoPago } from './connector.ts';
import { MERCADO_PAGO_API, mercadoPagoSettings } from './credentials.ts';
import { mercadoPagoCases } from './fixtures/cases.ts';
import {
  mercadoPagoNotification,
  payment,
  VECTOR_ID,
  VECTOR_REQUEST_ID,
  VECTOR_SECRET,
  VECTOR_SIGNATURE,
  VECTOR_TS,
} from './fixtures/payloads.ts';

const credential = (webhook_secret: string) => ({ webhook_secret, access_token: `APP_USR-token-of-${webhook_secret}` });
const current = credential(VECTOR_SECRET);
const signedAt = new Date(VECTOR_TS * 1000);
const settings = mercadoPagoSettings.parse({});
const genuine = mercadoPagoNotification('payment', VECTOR_ID);

let api: VendorDouble;
beforeAll(async () => {
  api = await openVendorDouble();
  api.holds(`/v1/payments/${VECTOR_ID}`, payment(Number(VECTOR_ID), 'approved', 'accredited'));
  for (const { lookup } of mercadoPagoCases) {
    if (lookup !== null) api.holds(lookup.path, lookup.thing);
  }
});
afterAll(() => api.close());

interface Parts {
  query?: string;
  requestId?: readonly string[];
  signature?: string;
}

/** The known-answer vector with some of its parts changed. */
function vector({
  query = `type=payment&data.id=${VECTOR_ID}`,
  requestId = [VECTOR_REQUEST_ID],
  signature,
}: Parts = {}) {
  const headers = { 'x-request-id': requestId, 'x-signature': signature ?? VECTOR_SIGNATURE };
  return { ...rawNotification(JSON.stringify(genuine), headers), query };
}

function sign(payload: object | Buffer, { webhook_secret } = current, at = signedAt): RawNotification {
  const body = Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload));
  const sent = Buffer.isBuffer(payload) ? genuine : fieldsOf(payload);
  const id = String(fieldsOf(sent.data).id);
  const ts = String(at.getTime() / 1000);
  const signature = signMercadoPago({ id, requestId: VECTOR_REQUEST_ID, ts }, webhook_secret);
  const headers = { 'x-request-id': VECTOR_REQUEST_ID, 'x-signature': signature };
  return { ...rawNotification(body, headers), query: `type=${sent.type}&data.id=${id}` };
}

const verify = (notification: RawNotification) => mercadoPago.verify(notification, [current], settings, signedAt);

/** What the library says of the same request. */
function theirs({ headers, query }: RawNotification, secret = VECTOR_SECRET): 'accepted' | 'refused' {
  const [xSignature, xRequestId] = [headers['x-signature']?.join(), headers['x-request-id']?.join()];
  try {
    const dataId = new URLSearchParams(query).get('data.id');
    WebhookSignatureValidator.validate({ xSignature, xRequestId, dataId, secret });
    return 'accepted';
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidWebhookSignatureError);
    return 'refused';
  }
}

describeConnector({
  connector: mercadoPago,
  settings,
  credentials: { current, previous: credential('previous_secret'), other: credential('other_secret') },
  signedAt,
  toleranceS: null,
  signsTime: true,
  signatureHeader: 'x-signature',
  signsQuery: true,
  sign,
  signedFacts: ({ headers, query }) => {
    const ids = new URLSearchParams(query).getAll('data.id').join().toLowerCase();
    const signature = /v1=([0-9a-f]{64})/.exec(headers['x-signature']?.[0] ?? '')?.[1];
    return [
      `${ids} ${headers['x-request-id']} ${/ts=(\d+)/.exec(headers['x-signature']?.[0] ?? '')?.[1]} ${signature}`,
    ];
  },
  sources: (payload) => [mercadoPagoCases.find((one) => one.payload === payload)?.lookup?.thing],
  genuine,
  unknown: mercadoPagoNotification('something_new', '1'),
  batch: null,
  cases: mercadoPagoCases,
  outside: outsideTo(() => api, MERCADO_PAGO_API),
});

describe('the Mercado Pago signature', () => {
  it('has the known answer, which the library accepts', () => {
    const parts = { id: VECTOR_ID, requestId: VECTOR_REQUEST_ID, ts: String(VECTOR_TS) };
    expect(signMercadoPago(parts, VECTOR_SECRET)).toBe(VECTOR_SIGNATURE);
    expect(verify(vector())).toEqual({ ok: true, signedAt });
    expect(theirs(vector())).toBe('accepted');
    expect(theirs(vector(), 'other_secret')).toBe('refused');
  });

  const resigned = (parts: { id?: string; requestId?: string; ts?: string }) =>
    signMercadoPago({ ts: String(VECTOR_TS), ...parts }, VECTOR_SECRET);
  const both = { id: VECTOR_ID, requestId: VECTOR_REQUEST_ID };

  it.each<[string, Parts]>([
    ['in milliseconds', { signature: resigned({ ...both, ts: '1700000000000' }) }],
    ['of a request without an id', { requestId: [], signature: resigned({ id: VECTOR_ID }) }],
    ['of a query without an id', { query: 'type=payment', signature: resigned({ requestId: VECTOR_REQUEST_ID }) }],
    ['of a time alone', { query: '', requestId: [], signature: resigned({}) }],
    ['of an id in capitals', { query: 'data.id=ORD01AB', signature: resigned({ ...both, id: 'ORD01AB' }) }],
    ['of an id that is encoded', { query: 'data%2Eid=%31%32', signature: resigned({ ...both, id: '12' }) }],
    ['beside one of a version to come', { signature: `${VECTOR_SIGNATURE},v2=00` }],
    ['in another order and spaced', { signature: VECTOR_SIGNATURE.split(',').toReversed().join(', ') }],
  ])('is accepted %s, as the library does', (_, parts) => {
    expect(verify(vector(parts))).toEqual({ ok: true, signedAt });
    expect(theirs(vector(parts))).toBe('accepted');
  });

  it('of an id in capitals is accepted in lower case, as the documentation says and the library does not', () => {
    const notification = vector({ query: 'data.id=ORD01AB', signature: resigned({ ...both, id: 'ord01ab' }) });
    expect(verify(notification).ok).toBe(true);
    expect(theirs(notification)).toBe('refused');
    const other = vector({ query: 'data.id=ord01ab', signature: resigned({ ...both, id: 'ORD01AB' }) });
    expect(verify(other)).toEqual({ ok: false, reason: 'signature_mismatch' });
  });

  it.each<[string, Parts, string]>([
    ['for another thing', { query: 'data.id=123456788' }, 'signature_mismatch'],
    ['for no thing', { query: '' }, 'signature_mismatch'],
    ['for another request', { requestId: ['req-vec-2'] }, 'signature_mismatch'],
    ['for no request', { requestId: [] }, 'signature_mismatch'],
    ['at another time', { signature: VECTOR_SIGNATURE.replace('ts=17', 'ts=18') }, 'signature_mismatch'],
    ['without a time', { signature: VECTOR_SIGNATURE.replace(/ts=\d+,/, '') }, 'signature_malformed'],
    ['of a version to come alone', { signature: VECTOR_SIGNATURE.replace('v1', 'v2') }, 'signature_malformed'],
    [
      'in upper case',
      { signature: VECTOR_SIGNATURE.replace(/[a-f]/g, (it) => it.toUpperCase()) },
      'signature_malformed',
    ],
  ])('is refused %s, as the library does', (_, parts, reason) => {
    expect(verify(vector(parts))).toEqual({ ok: false, reason });
    expect(theirs(vector(parts))).toBe('refused');
  });

  it.each<[string, Parts]>([
    ['two things', { query: `data.id=${VECTOR_ID}&data.id=${VECTOR_ID}` }],
    ['two requests', { requestId: [VECTOR_REQUEST_ID, VECTOR_REQUEST_ID] }],
    [
      'a thing that looks like a request',
      { query: `data.id=${VECTOR_ID};request-id:${VECTOR_REQUEST_ID}`, requestId: [] },
    ],
    ['a broken query', { query: `data.id=${VECTOR_ID}&x=%` }],
    ['a year of five digits', { signature: VECTOR_SIGNATURE.replace('ts=1700000000', `ts=${'9'.repeat(16)}`) }],
  ])('is refused for %s: what was signed would not be known', (_, parts) => {
    expect(verify(vector(parts)).ok).toBe(false);
  });

  it('is refused for every other request id of one character', () => {
    const ids = [...VECTOR_REQUEST_ID].map(
      (_, at) => `${VECTOR_REQUEST_ID.slice(0, at)}_${VECTOR_REQUEST_ID.slice(at + 1)}`,
    );
    expect(ids.filter((requestId) => verify(vector({ requestId: [requestId] })).ok)).toEqual([]);
  });
});

describe('a Mercado Pago notification', () => {
  const itemsOf = (notification: RawNotification) => {
    const parsed = mercadoPago.parse(notification, settings);
    return parsed.ok ? parsed.items : [];
  };

  it('names a thing, and the body has no say in which', () => {
    const lying = { ...genuine, data: { id: '666' }, id: 1 };
    expect(itemsOf({ ...vector(), body: Buffer.from(JSON.stringify(lying)) })).toEqual([
      { key: `payment:${VECTOR_ID}`, connectorType: 'payment', event: null, reason: 'unresolved' },
    ]);
  });

  it('may have its type in the query alone', () => {
    expect(itemsOf({ ...vector(), body: Buffer.from('{}') })).toMatchObject([{ connectorType: 'payment' }]);
    expect(mercadoPago.parse({ ...vector({ query: '' }), body: Buffer.from('{}') }, settings).ok).toBe(false);
  });

  it.each(['', '12%2F..%2F13', '..', '1 2', '%3F', 'https://evil.example', '1'.repeat(21), 'abc', '%D9%A3'])(
    'with the id %p is not looked up',
    (id) => {
      expect(itemsOf(vector({ query: `type=payment&data.id=${id}` }))).toMatchObject([{ reason: 'unsupported' }]);
    },
  );
});

it.each(['https://api.mercadopago.com/', 'https://a@api.mercadopago.com', 'api.mercadopago.com'])(
  '%s is no base URL',
  (url) => {
    expect(mercadoPago.settingsSchema.safeParse({ api_base_url: url }).success).toBe(false);
  },
);
