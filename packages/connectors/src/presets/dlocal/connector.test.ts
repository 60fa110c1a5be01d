import { createHmac } from 'node:crypto';
import { rawNotification, withHeader } from '../../testing/contract-subject.ts';
import { describeConnector } from '../../testing/contract-suite.ts';
import { describeSignedHeader, presetSubject } from '../../testing/preset-subject.ts';
import {
  dlocalCases,
  dlocalPayment,
  VECTOR_AUTHORIZATION,
  VECTOR_BODY,
  VECTOR_DATE,
  VECTOR_LOGIN,
  VECTOR_SECRET,
} from './fixtures/cases.ts';
import { dlocal } from './preset.ts';

const subject = presetSubject(dlocal, {
  secret: VECTOR_SECRET,
  signedAt: new Date(VECTOR_DATE),
  signsTime: true,
  signatureHeader: 'authorization',
  headers(body, secret, at) {
    const date = at.toISOString();
    const signature = createHmac('sha256', secret).update(VECTOR_LOGIN).update(date).update(body).digest('hex');
    return {
      'x-login': VECTOR_LOGIN,
      'x-date': date,
      authorization: `V2-HMAC-SHA256, Signature: ${signature}`,
    };
  },
  isHex: true,
  genuine: dlocalPayment('PAID'),
  unknown: dlocalPayment('FROZEN'),
  cases: dlocalCases,
});

describeConnector(subject);

describe('dLocal', () => {
  const { connector, credentials, signedAt } = subject;
  const vector = rawNotification(VECTOR_BODY, {
    'x-login': VECTOR_LOGIN,
    'x-date': VECTOR_DATE,
    authorization: VECTOR_AUTHORIZATION,
  });
  const verify = (notification: typeof vector) => connector.verify(notification, [credentials.current], {}, signedAt);

  describeSignedHeader(subject, 'x-login');
  describeSignedHeader(subject, 'x-date');

  it('signs as the known answer says', () => {
    expect(verify(vector)).toEqual({ ok: true, signedAt });
    expect(connector.parse(vector, {})).toMatchObject({
      ok: true,
      items: [{ key: 'D-4-vec1:PAID', event: { occurredAt: signedAt, object: { amount_minor: 7_200 } } }],
    });
  });

  it.each([
    ['x-login', undefined],
    ['x-login', ['other']],
    ['x-login', [VECTOR_LOGIN, VECTOR_LOGIN]],
    // What is signed runs together: a character moved from one to the next is signed as well, and must not pass.
    ['x-login', [`${VECTOR_LOGIN}2`]],
    ['x-date', undefined],
    ['x-date', [VECTOR_DATE.slice(0, -1)]],
    ['x-date', ['2024-01-01T00:00:01.000Z']],
    ['authorization', [VECTOR_AUTHORIZATION.replace('V2', 'V1')]],
    ['authorization', [VECTOR_AUTHORIZATION.replace('Signature: ', 'Signature:')]],
  ])('is refused with %s as %j', (name, values) => {
    expect(verify(withHeader(vector, name, values)).ok).toBe(false);
  });

  it('is taken when it comes days later, with the time it was signed', () => {
    const now = new Date(signedAt.getTime() + 3 * 86_400_000);
    expect(connector.verify(vector, [credentials.current], {}, now)).toEqual({ ok: true, signedAt });
  });

  it('is refused when a character of the login was moved into the date', () => {
    const moved = withHeader(withHeader(vector, 'x-login', ['vec_logi']), 'x-date', [`n${VECTOR_DATE}`]);
    expect(verify(moved)).toEqual({ ok: false, reason: 'signature_malformed' });
  });
});
