import { parse, verifySignature } from 'gocardless-nodejs/webhooks';
import { rawNotification } from '../testing/contract-subject.ts';
import { describeConnector } from '../testing/contract-suite.ts';
import { signGoCardless } from '../testing/signers.ts';
import { goCardless } from './connector.ts';
import { goCardlessCases } from './fixtures/cases.ts';
import {
  goCardlessEvent,
  goCardlessNotification,
  VECTOR_BODY,
  VECTOR_SECRET,
  VECTOR_SIGNATURE,
} from './fixtures/payloads.ts';

const credential = { webhook_secret: VECTOR_SECRET };
const signedAt = new Date('2024-01-01T00:00:01Z');
const sign = (payload: object | Buffer, { webhook_secret } = credential) => {
  const body = Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload));
  return rawNotification(body, { 'webhook-signature': signGoCardless(body, webhook_secret) });
};
const links = { payment: 'PM123' };
const many = Array.from({ length: 250 }, (_, at) => goCardlessEvent(`EV${at}`, 'payments.confirmed', links));

describeConnector({
  connector: goCardless,
  settings: {},
  credentials: {
    current: credential,
    previous: { webhook_secret: 'previous_secret' },
    other: { webhook_secret: 'other_secret' },
  },
  signedAt,
  toleranceS: null,
  signatureHeader: 'webhook-signature',
  sign,
  signedFacts: ({ headers, body }) => [`${headers['webhook-signature']?.join().toLowerCase()} ${body.toString('hex')}`],
  sources: (payload) => ('events' in payload && Array.isArray(payload.events) ? payload.events : []),
  genuine: goCardlessNotification(goCardlessEvent('EV1', 'payments.confirmed', links)),
  unknown: goCardlessNotification(goCardlessEvent('EV2', 'exports.started', {})),
  batch: { payload: goCardlessNotification(...many), keys: many.map((event) => event.id) },
  cases: goCardlessCases,
});

describe('the GoCardless signature', () => {
  const verify = (signature: string) =>
    goCardless.verify(rawNotification(VECTOR_BODY, { 'webhook-signature': signature }), [credential], {}, signedAt);

  it('has the known answer', () => {
    expect(signGoCardless(VECTOR_BODY, VECTOR_SECRET)).toBe(VECTOR_SIGNATURE);
    expect(verify(VECTOR_SIGNATURE)).toEqual({ ok: true, signedAt: null });
  });

  it.each([VECTOR_SIGNATURE, VECTOR_SIGNATURE.toUpperCase()])('is accepted as %s, as the library does', (signature) => {
    expect(verify(signature).ok).toBe(true);
    expect(() => verifySignature(VECTOR_BODY, VECTOR_SECRET, signature)).not.toThrow();
  });

  it.each([VECTOR_SIGNATURE.replace('9', '8'), VECTOR_SIGNATURE.slice(2), ''])(
    'is refused as %s, as the library does',
    (signature) => {
      expect(verify(signature).ok).toBe(false);
      expect(() => verifySignature(VECTOR_BODY, VECTOR_SECRET, signature)).toThrow('does not match');
    },
  );
});

describe('a GoCardless notification', () => {
  it('is read as the library reads it', () => {
    const parsed = goCardless.parse(rawNotification(VECTOR_BODY), {});
    const theirs = parse(VECTOR_BODY, VECTOR_SECRET, VECTOR_SIGNATURE);
    expect(parsed.ok ? parsed.items.map((item) => item.key) : []).toEqual(theirs.map((event) => event.id));
  });

  it('tells of mandates as mandates', () => {
    const parsed = goCardless.parse(sign(goCardlessNotification(goCardlessEvent('EV1', 'mandates.cancelled', {}))), {});
    expect(parsed).toMatchObject({
      ok: true,
      items: [{ event: { type: 'customer_updated', objectType: 'mandate', object: { status: 'cancelled' } } }],
    });
  });

  it('tells that a refund reached the customer, and not that it was deducted from a payout, after which it may still fail', () => {
    const refund = (id: string, action: string) => goCardlessEvent(id, `refunds.${action}`, { refund: 'RF1' });
    const events = [refund('EV1', 'refund_settled'), refund('EV2', 'paid'), refund('EV3', 'failed')];
    const parsed = goCardless.parse(sign(goCardlessNotification(...events)), {});
    expect(parsed.ok ? parsed.items.map((item) => item.event?.type ?? null) : []).toEqual([
      null,
      'refund_succeeded',
      'refund_failed',
    ]);
  });

  it('keeps its good events beside one that has no id', () => {
    const good = goCardlessEvent('EV1', 'payments.confirmed', links);
    const bad = { ...good, id: 7 };
    const parsed = goCardless.parse(sign(goCardlessNotification(bad, good, bad)), {});
    const items = parsed.ok ? parsed.items : [];
    expect(items.map((item) => item.reason)).toEqual(['unsupported', null, 'unsupported']);
    expect(new Set(items.map((item) => item.key)).size).toBe(3);
  });

  it('without events is acknowledged', () => {
    expect(goCardless.parse(sign(goCardlessNotification()), {})).toEqual({ ok: true, items: [] });
  });
});
