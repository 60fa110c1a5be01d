import type { Receipt } from '../parties/receiver.ts';
import { checkInvariants, type RunRecord } from './check-invariants.ts';

const body = JSON.stringify({ id: 'evt_1', merchant_id: 'm_1' });

const receipt = (more: Partial<Receipt> = {}): Receipt => ({
  receiver: 'shop',
  eventId: 'evt_1',
  deliveryId: 'dlv_1',
  attempt: 1,
  eventType: 'payment_succeeded',
  body,
  signatures: { standardWebhooks: true, stripe: true },
  headers: {},
  at: new Date(0),
  answered: 200,
  ...more,
});

const event = {
  id: 'evt_1',
  merchant_id: 'm_1',
  type: 'payment_succeeded',
  connector: 'stripe',
  object_references: ['pi_1', 'order-1'],
};

const deadLetter = {
  id: 'dlv_1',
  event_id: 'evt_1',
  event_type: 'payment_succeeded',
  merchant_id: 'm_1',
  subscription_id: 'sub_1',
  status: 'failed' as const,
  attempts_made: 3,
  last_outcome: 'http_error',
  dead_letter: { reason: 'retries_exhausted', at: '2026-01-01T00:00:00.000Z' },
};

function run(receipts: Receipt[], more: Partial<RunRecord> = {}): RunRecord {
  return {
    acked: [{ merchantId: 'm_1', type: 'payment_succeeded', reference: 'pi_1' }],
    recipients: [{ name: 'shop', subscriptionId: 'sub_1', merchantIds: ['m_1'], receipts }],
    events: [event],
    deliveries: [],
    ...more,
  };
}

const broken = (record: RunRecord, maxDuplicates = 0): string[] =>
  checkInvariants(record, { maxDuplicates }).violations.map(({ invariant }) => invariant);

describe('the checker of the invariants', () => {
  test('is content with one verified delivery', () => {
    expect(checkInvariants(run([receipt()]), { maxDuplicates: 0 })).toEqual({
      violationCount: 0,
      lost: 0,
      violations: [],
      duplicates: 0,
      delivered: 1,
      deadLettered: 0,
    });
  });

  test.each<[string, RunRecord, string[]]>([
    ['I1: a fact without an event', run([], { events: [] }), ['I1']],
    ['I1: an event that nobody got', run([]), ['I1']],
    ['I1: an event that was refused and is no dead letter', run([receipt({ answered: 500 })]), ['I1']],
    ['I1: a request that was never answered', run([receipt({ answered: null })]), ['I1']],
    [
      'I1: a delivery that is still being retried',
      run([], { deliveries: [{ ...deadLetter, status: 'retrying' }] }),
      ['I1'],
    ],
    [
      'I1: the dead letter of another subscription',
      run([], { deliveries: [{ ...deadLetter, subscription_id: 'sub_2' }] }),
      ['I1'],
    ],
    [
      'I2: another tenant’s event',
      run([receipt(), receipt({ eventId: 'evt_2', body: '{"id":"evt_2","merchant_id":"m_2"}' })]),
      ['I2'],
    ],
    ['I3: one duplicate too many', run([receipt(), receipt({ attempt: 2 })]), ['I3']],
    [
      'I4: a signature that one library refuses',
      run([receipt({ signatures: { standardWebhooks: true, stripe: false } })]),
      ['I4'],
    ],
    [
      'I4: a signature that the other refuses',
      run([receipt({ signatures: { standardWebhooks: false, stripe: true } })]),
      ['I4'],
    ],
    [
      'I7: other bytes on the second attempt',
      run([receipt({ answered: 500 }), receipt({ attempt: 2, body: `${body} ` })]),
      ['I7'],
    ],
    [
      'I7: another id in the header than in the body',
      run([receipt(), receipt({ eventId: 'evt_9', answered: 500 })]),
      ['I7'],
    ],
    ['P2: one fact, two events', run([receipt()], { events: [event, { ...event, id: 'evt_2' }] }), ['I1', 'P2']],
  ])('finds %s', (_story, record, invariants) => {
    expect(broken(record)).toEqual(invariants);
  });

  test('takes a visible dead letter for an outcome', () => {
    const { violations, deadLettered } = checkInvariants(run([], { deliveries: [deadLetter] }), { maxDuplicates: 0 });
    expect({ violations, deadLettered }).toEqual({ violations: [], deadLettered: 1 });
  });

  test('allows as many duplicates as were in flight', () => {
    expect(broken(run([receipt(), receipt({ attempt: 2 })]), 1)).toEqual([]);
  });

  test('asks of a recipient only what belongs to its merchants', () => {
    const other = { name: 'other', subscriptionId: 'sub_2', merchantIds: ['m_2'], receipts: [] };
    const record = run([receipt()]);
    expect(broken({ ...record, recipients: [...record.recipients, other] })).toEqual([]);
  });
});
