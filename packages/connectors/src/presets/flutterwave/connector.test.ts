import { createHmac } from 'node:crypto';
import { rawNotification } from '../../testing/contract-subject.ts';
import { describeConnector } from '../../testing/contract-suite.ts';
import { presetSubject } from '../../testing/preset-subject.ts';
import {
  charge,
  flutterwaveCases,
  flutterwaveEvent,
  VECTOR_BODY,
  VECTOR_SECRET,
  VECTOR_SIGNATURE,
} from './fixtures/cases.ts';
import { flutterwave } from './preset.ts';

const sign = (body: string | Buffer, secret: string) => createHmac('sha256', secret).update(body).digest('base64');

const subject = presetSubject(flutterwave, {
  secret: 'a-long-secret-hash',
  signedAt: new Date('2025-01-31T10:02:20Z'),
  signsTime: false,
  signatureHeader: 'flutterwave-signature',
  headers: (body, secret) => ({ 'flutterwave-signature': sign(body, secret) }),
  isHex: false,
  genuine: flutterwaveEvent('charge.completed', charge('succeeded')),
  unknown: flutterwaveEvent('virtual_account.funded', { id: 'va_1' }),
  cases: flutterwaveCases,
});

describeConnector(subject);

describe('Flutterwave', () => {
  const { connector, signedAt } = subject;

  it('signs as the known answer says', () => {
    const notification = rawNotification(VECTOR_BODY, { 'flutterwave-signature': VECTOR_SIGNATURE });
    expect(sign(VECTOR_BODY, VECTOR_SECRET)).toBe(VECTOR_SIGNATURE);
    expect(connector.verify(notification, [{ secret: VECTOR_SECRET }], {}, signedAt)).toEqual({
      ok: true,
      signedAt: null,
    });
  });

  it('is not taken with the secret itself in a header, as its v3 API sends it', () => {
    const notification = rawNotification(VECTOR_BODY, { 'verif-hash': 'a-long-secret-hash' });
    expect(connector.verify(notification, [subject.credentials.current], {}, signedAt).ok).toBe(false);
  });
});
