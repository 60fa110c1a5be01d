import { createHmac } from 'node:crypto';
import { rawNotification, withHeader } from '../../testing/contract-subject.ts';
import { describeConnector } from '../../testing/contract-suite.ts';
import { describeSignedHeader, presetSubject } from '../../testing/preset-subject.ts';
import {
  cashfreeCases,
  cashfreeEvent,
  payment,
  VECTOR_BODY,
  VECTOR_SECRET,
  VECTOR_SIGNATURE,
  VECTOR_TIME,
} from './fixtures/cases.ts';
import { cashfree } from './preset.ts';

const sign = (body: string | Buffer, secret: string, time: string) =>
  createHmac('sha256', secret).update(time).update(body).digest('base64');

const subject = presetSubject(cashfree, {
  secret: VECTOR_SECRET,
  signedAt: new Date(Number(VECTOR_TIME)),
  signsTime: true,
  signatureHeader: 'x-webhook-signature',
  headers(body, secret, at) {
    const time = String(at.getTime());
    return { 'x-webhook-timestamp': time, 'x-webhook-signature': sign(body, secret, time) };
  },
  isHex: false,
  genuine: cashfreeEvent('PAYMENT_SUCCESS_WEBHOOK', payment('SUCCESS')),
  unknown: cashfreeEvent('SETTLEMENT_SUCCESS', {}),
  cases: cashfreeCases,
});

describeConnector(subject);

describe('Cashfree', () => {
  const { connector, signedAt, credentials } = subject;
  const vector = rawNotification(VECTOR_BODY, {
    'x-webhook-timestamp': VECTOR_TIME,
    'x-webhook-signature': VECTOR_SIGNATURE,
  });

  describeSignedHeader(subject, 'x-webhook-timestamp');

  it('signs as the known answer says', () => {
    expect(sign(VECTOR_BODY, VECTOR_SECRET, VECTOR_TIME)).toBe(VECTOR_SIGNATURE);
    expect(connector.verify(vector, [credentials.current], {}, signedAt)).toEqual({ ok: true, signedAt });
    expect(connector.parse(vector, {})).toMatchObject({
      ok: true,
      items: [
        {
          key: 'PAYMENT_SUCCESS_WEBHOOK:1:SUCCESS',
          event: { occurredAt: new Date('2023-12-31T18:30:00Z'), object: { amount_minor: 1_000, currency: 'INR' } },
        },
      ],
    });
  });

  it('is taken when it comes days later, with the time it was signed', () => {
    const now = new Date(signedAt.getTime() + 3 * 86_400_000);
    expect(connector.verify(vector, [credentials.current], {}, now)).toEqual({ ok: true, signedAt });
  });

  it('is refused once 10.00 was written as 10', () => {
    const rewritten = { ...vector, body: Buffer.from(JSON.stringify(JSON.parse(VECTOR_BODY))) };
    expect(connector.verify(rewritten, [credentials.current], {}, signedAt).ok).toBe(false);
  });

  it('has its id from what is signed, whatever the idempotency key says', () => {
    const keyWith = (value: string) => {
      const parsed = connector.parse(withHeader(vector, 'x-idempotency-key', [value]), {});
      return parsed.ok ? parsed.items.map((item) => item.key) : [];
    };
    expect(keyWith('one')).toEqual(keyWith('other'));
  });
});
