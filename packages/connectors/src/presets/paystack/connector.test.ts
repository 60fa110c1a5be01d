import { createHmac } from 'node:crypto';
import { findConnector } from '../../registry.ts';
import { rawNotification } from '../../testing/contract-subject.ts';
import { describeConnector } from '../../testing/contract-suite.ts';
import { presetSubject } from '../../testing/preset-subject.ts';
import { paystackCases, paystackEvent, VECTOR_BODY, VECTOR_SECRET, VECTOR_SIGNATURE } from './fixtures/cases.ts';
import { paystack } from './preset.ts';

const signedAt = new Date('2024-01-01T00:00:01Z');
const sign = (body: string | Buffer, secret: string) => createHmac('sha512', secret).update(body).digest('hex');
const genuine = paystackEvent('charge.success', {
  id: 302_961,
  reference: 'A-17',
  amount: 10_000,
  currency: 'NGN',
  paid_at: '2024-01-01T00:00:00.000Z',
});

describeConnector(
  presetSubject(paystack, {
    secret: VECTOR_SECRET,
    signedAt,
    signsTime: false,
    signatureHeader: 'x-paystack-signature',
    headers: (body, secret) => ({ 'x-paystack-signature': sign(body, secret) }),
    isHex: true,
    genuine,
    unknown: paystackEvent('bank.transfer.rejected', { id: 1 }),
    cases: paystackCases,
  }),
);

describe('Paystack', () => {
  const connector = findConnector('paystack');
  const parse = (payload: object) => connector?.parse(rawNotification(JSON.stringify(payload)), {});

  it('signs as the known answer says', () => {
    const notification = rawNotification(VECTOR_BODY, { 'x-paystack-signature': VECTOR_SIGNATURE });
    expect(sign(VECTOR_BODY, VECTOR_SECRET)).toBe(VECTOR_SIGNATURE);
    expect(connector?.verify(notification, [{ secret: VECTOR_SECRET }], {}, signedAt)).toEqual({
      ok: true,
      signedAt: null,
    });
  });

  it('tells two refunds of one payment apart, also while they have no reference', () => {
    const refund = (amount: string) =>
      parse(paystackEvent('refund.pending', { transaction_reference: 'A-17', refund_reference: null, amount }));
    const keys = [refund('5000'), refund('2500'), refund('5000')].flatMap((parsed) =>
      parsed?.ok ? parsed.items.map((item) => item.key) : [],
    );
    expect(keys).toHaveLength(3);
    expect(keys[1]).not.toBe(keys[0]);
    expect(keys[2]).toBe(keys[0]);
  });

  it.each([
    ['subscription.not_renew', { id: 317_617, subscription_code: 'SUB_vsy', createdAt: '2024-01-01T00:00:00.000Z' }],
    ['subscription.disable', { subscription_code: 'SUB_vsy', created_at: '2024-01-01T00:00:00.000Z' }],
    ['invoice.payment_failed', { invoice_code: 'INV_3ka', created_at: '2024-01-01T00:00:00.000Z' }],
  ])('of %s happened when it came, not when the thing was made that it is about', (event, data) => {
    const receivedAt = new Date('2026-11-21T10:00:00Z');
    const raw = rawNotification(JSON.stringify(paystackEvent(event, data)));
    const parsed = connector?.parse({ ...raw, receivedAt }, {});
    expect(parsed?.ok ? parsed.items[0]?.event?.occurredAt : undefined).toEqual(receivedAt);
  });

  it('counts the CFA franc in hundredths', () => {
    const amountOf = (amount: number) => {
      const parsed = parse({ event: genuine.event, data: { ...genuine.data, amount, currency: 'XOF' } });
      return parsed?.ok ? parsed.items[0]?.event?.object.amount_minor : undefined;
    };
    expect([amountOf(10_000), amountOf(10_050)]).toEqual([100, null]);
  });
});
