import { createHmac } from 'node:crypto';
import { rawNotification, withHeader } from '../../testing/contract-subject.ts';
import { describeConnector } from '../../testing/contract-suite.ts';
import { describeSignedHeader, presetSubject } from '../../testing/preset-subject.ts';
import {
  airwallexCases,
  airwallexEvent,
  intent,
  VECTOR_BODY,
  VECTOR_SECRET,
  VECTOR_SIGNATURE,
  VECTOR_TIME,
} from './fixtures/cases.ts';
import { airwallex } from './preset.ts';

const sign = (body: string | Buffer, secret: string, time: string) =>
  createHmac('sha256', secret).update(time).update(body).digest('hex');

const subject = presetSubject(airwallex, {
  secret: 'whsec_airwallex',
  signedAt: new Date(Number(VECTOR_TIME)),
  signsTime: true,
  signatureHeader: 'x-signature',
  headers(body, secret, at) {
    const time = String(at.getTime());
    return { 'x-timestamp': time, 'x-signature': sign(body, secret, time) };
  },
  isHex: true,
  genuine: airwallexEvent('payment_intent.succeeded', intent('SUCCEEDED')),
  unknown: airwallexEvent('payout.paid', {}),
  cases: airwallexCases,
});

describeConnector(subject);

describe('Airwallex', () => {
  const { connector, signedAt, credentials } = subject;
  const genuine = subject.sign(subject.genuine, credentials.current, signedAt);

  describeSignedHeader(subject, 'x-timestamp');

  it('signs as the known answer says', () => {
    const notification = rawNotification(VECTOR_BODY, { 'x-timestamp': VECTOR_TIME, 'x-signature': VECTOR_SIGNATURE });
    expect(sign(VECTOR_BODY, VECTOR_SECRET, VECTOR_TIME)).toBe(VECTOR_SIGNATURE);
    expect(connector.verify(notification, [{ secret: VECTOR_SECRET }], {}, signedAt)).toEqual({ ok: true, signedAt });
  });

  it.each([
    [undefined],
    [[]],
    [['']],
    [[`${VECTOR_TIME}0`]],
    [[VECTOR_TIME.slice(1)]],
    [[VECTOR_TIME, VECTOR_TIME]],
    [['now']],
  ])('is refused with the time %j', (values) => {
    const verdict = connector.verify(withHeader(genuine, 'x-timestamp', values), [credentials.current], {}, signedAt);
    expect(verdict).toEqual({ ok: false, reason: 'signature_malformed' });
  });

  it('is refused with another time than the one that was signed', () => {
    const later = withHeader(genuine, 'x-timestamp', [String(signedAt.getTime() + 1)]);
    expect(connector.verify(later, [credentials.current], {}, signedAt)).toEqual({
      ok: false,
      reason: 'signature_mismatch',
    });
  });

  it('is taken when it comes days later, with the time it was signed', () => {
    const now = new Date(signedAt.getTime() + 3 * 86_400_000);
    expect(connector.verify(genuine, [credentials.current], {}, now)).toEqual({ ok: true, signedAt });
  });
});
