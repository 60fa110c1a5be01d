import { createHmac } from 'node:crypto';
import { rawNotification } from '../../testing/contract-subject.ts';
import { describeConnector } from '../../testing/contract-suite.ts';
import { presetSubject } from '../../testing/preset-subject.ts';
import {
  charge,
  coinbaseCases,
  coinbaseEvent,
  VECTOR_BODY,
  VECTOR_SECRET,
  VECTOR_SIGNATURE,
} from './fixtures/cases.ts';
import { coinbaseCommerce } from './preset.ts';

const sign = (body: string | Buffer, secret: string) => createHmac('sha256', secret).update(body).digest('hex');

const subject = presetSubject(coinbaseCommerce, {
  secret: VECTOR_SECRET,
  signedAt: new Date('2023-08-30T19:29:21Z'),
  signsTime: false,
  signatureHeader: 'x-cc-webhook-signature',
  headers: (body, secret) => ({ 'x-cc-webhook-signature': sign(body, secret) }),
  isHex: true,
  genuine: coinbaseEvent('charge:confirmed', charge),
  unknown: coinbaseEvent('invoice:paid', {}),
  cases: coinbaseCases,
});

describeConnector(subject);

describe('Coinbase Commerce', () => {
  const { connector, credentials, signedAt } = subject;

  it('signs as the known answer says', () => {
    const notification = rawNotification(VECTOR_BODY, { 'x-cc-webhook-signature': VECTOR_SIGNATURE });
    expect(sign(VECTOR_BODY, VECTOR_SECRET)).toBe(VECTOR_SIGNATURE);
    expect(connector.verify(notification, [credentials.current], {}, signedAt)).toEqual({ ok: true, signedAt: null });
  });

  it('is the same event when it is sent again, under another outer id', () => {
    const first = coinbaseEvent('charge:confirmed', charge);
    const keys = [first, { ...first, id: 'another', attempt_number: 2 }].map((payload) => {
      const parsed = connector.parse(rawNotification(JSON.stringify(payload)), {});
      return parsed.ok ? parsed.items[0]?.key : null;
    });
    expect(keys).toEqual(['24934862-charge:confirmed', '24934862-charge:confirmed']);
  });
});
