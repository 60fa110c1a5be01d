import { createHmac } from 'node:crypto';
import { rawNotification } from '../../testing/contract-subject.ts';
import { describeConnector } from '../../testing/contract-suite.ts';
import { presetSubject } from '../../testing/preset-subject.ts';
import {
  klarnaCases,
  klarnaEvent,
  request,
  VECTOR_BASE64,
  VECTOR_BODY,
  VECTOR_HEX,
  VECTOR_SECRET,
} from './fixtures/cases.ts';
import { klarna } from './preset.ts';

const subject = presetSubject(klarna, {
  secret: VECTOR_SECRET,
  signedAt: new Date('2025-02-28T12:00:01Z'),
  signsTime: false,
  signatureHeader: 'klarna-signature',
  headers: (body, secret) => ({
    'klarna-signature': createHmac('sha256', secret).update(body).digest('hex'),
    'klarna-signing-key-id': 'krn:partner:global:notification:signing-key:1',
  }),
  isHex: true,
  genuine: klarnaEvent('payment.request.state-change.completed', request('COMPLETED')),
  unknown: klarnaEvent('payment.dispute.state-change.opened', {}),
  cases: klarnaCases,
});

describeConnector(subject);

describe('Klarna', () => {
  it.each([VECTOR_HEX, VECTOR_HEX.toUpperCase(), VECTOR_BASE64])('signs as the known answer says: %s', (signature) => {
    const notification = rawNotification(VECTOR_BODY, { 'klarna-signature': signature });
    const verdict = subject.connector.verify(notification, [subject.credentials.current], {}, subject.signedAt);
    expect(verdict).toEqual({ ok: true, signedAt: null });
  });
});
