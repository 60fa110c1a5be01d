import type { OutboundRequest, OutboundResult } from '@owngateway/outbound';
import { signatureKeyOf, verifyStandardWebhook, verifyXSignature } from '@owngateway/signature';
import { aRecipient, aSendableEvent, NOW, now } from '../../tests/support/fakes.ts';
import { SECRET } from '../../tests/support/records.ts';
import { type AttemptOrder, createMakeAttempt } from './attempt.ts';

const NEW_SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;

const OK: OutboundResult = {
  kind: 'response',
  status: 200,
  headers: { 'x-a': '1' },
  body: 'thanks',
  bodyTruncated: false,
  durationMs: 12.4,
};
const TIMEOUT: Extract<OutboundResult, { kind: 'failure' }> = {
  kind: 'failure',
  outcome: 'timeout',
  message: 'late',
  requestSent: true,
  answer: null,
  durationMs: 5_000,
};

function anOrder(fields: Partial<AttemptOrder> = {}): AttemptOrder {
  const { _id: id, type, body } = aSendableEvent();
  return {
    deliveryId: 'dlv_1',
    event: { id, type, body },
    recipient: aRecipient(),
    eventStyle: 'snake_case',
    number: 2,
    round: 0,
    trigger: 'retry',
    ...fields,
  };
}

/** Two minutes ahead of this machine's clock. */
const databaseNow = () => new Date(NOW.getTime() + 120_000);

function setUp(result: OutboundResult = OK) {
  const sent: OutboundRequest[] = [];
  const noted: string[] = [];
  const streaks: string[] = [];
  const stopping = new AbortController();
  const attempt = createMakeAttempt({
    outbound: {
      send: async (request) => {
        sent.push(request);
        return result;
      },
    },
    endpoints: {
      answered: (_endpoint, ms) => void noted.push(`answered ${ms}`),
      unanswered: (_endpoint, ms) => void noted.push(`unanswered ${ms}`),
    },
    streaks: {
      ended: ({ id }, delivered) => void streaks.push(`${id} ${delivered ? 'well' : 'failed'}`),
    },
    newId: () => 'att_1',
    now,
    databaseNow,
    stopped: stopping.signal,
    onUnsendable: () => void noted.push('unsendable'),
    report: (_order, record) => void noted.push(`report ${record.outcome}`),
  });
  return { attempt, sent, noted, streaks, stopping };
}

describe('an attempt', () => {
  it('sends the stored bytes with the headers of the subscription and of the delivery', async () => {
    const { attempt, sent, stopping } = setUp();
    const order = anOrder();
    await attempt(order);
    expect(sent).toMatchObject([
      {
        url: 'https://shop.example/hooks',
        body: order.event.body,
        deadlineMs: 5_000,
        signal: stopping.signal,
        headers: {
          authorization: 'Bearer token',
          'content-type': 'application/json',
          'webhook-id': order.event.id,
          'webhook-timestamp': String(NOW.getTime() / 1_000),
          'x-delivery-attempt': '2',
          'x-delivery-id': 'dlv_1',
          'x-event-type': 'payment_succeeded',
        },
      },
    ]);
  });

  it('is signed with every secret that is valid now by the database’s clock, at the time of this machine’s', async () => {
    const { attempt, sent } = setUp();
    const asked: number[] = [];
    const signingKeys = (nowMs: number) => {
      asked.push(nowMs);
      return [signatureKeyOf(NEW_SECRET), signatureKeyOf(SECRET)];
    };
    await attempt(anOrder({ recipient: aRecipient({ signingKeys }) }));
    const { headers = {}, body = '' } = sent[0] ?? {};
    expect(asked).toEqual([databaseNow().getTime()]);
    for (const secret of [SECRET, NEW_SECRET]) {
      const options = { secrets: [secret], body, now: NOW };
      expect(verifyXSignature(headers['X-Signature'] ?? headers['x-signature'], options)).toMatchObject({ ok: true });
      expect(
        verifyStandardWebhook(
          {
            id: headers['webhook-id'],
            timestamp: headers['webhook-timestamp'],
            signature: headers['webhook-signature'],
          },
          options,
        ),
      ).toMatchObject({ ok: true });
    }
  });

  it('cannot be made to lose its own headers by those of the subscription', async () => {
    const { attempt, sent } = setUp();
    await attempt(
      anOrder({ recipient: aRecipient({ headers: { 'webhook-id': 'forged', 'x-delivery-id': 'forged' } }) }),
    );
    expect(JSON.stringify(sent[0]?.headers)).not.toContain('forged');
  });

  it('spells the type as the delivery wants it, and signs that', async () => {
    const { attempt, sent } = setUp();
    const order = anOrder({ eventStyle: 'dotted' });
    await attempt(order);
    expect(sent[0]?.body).toBe(order.event.body.replace('payment_succeeded', 'payment.completed'));
    expect(sent[0]?.headers['x-event-type']).toBe('payment.completed');
  });

  it('records an answer and says that the endpoint answered', async () => {
    const { attempt, noted } = setUp();
    expect(await attempt(anOrder())).toEqual({
      kind: 'ended',
      classification: { kind: 'delivered', outcome: 'delivered' },
      record: {
        _id: 'att_1',
        number: 2,
        round: 0,
        trigger: 'retry',
        started_at: NOW,
        duration_ms: 12,
        outcome: 'delivered',
        http_status: 200,
        response_headers: { 'x-a': '1' },
        response_body: 'thanks',
        retry_after_s: null,
        next_attempt_at: null,
      },
    });
    expect(noted).toEqual(['answered 12.4', 'report delivered']);
  });

  it('records that none came', async () => {
    const { attempt, noted } = setUp(TIMEOUT);
    expect(await attempt(anOrder())).toMatchObject({
      kind: 'ended',
      classification: { kind: 'retry', outcome: 'timeout' },
      record: {
        outcome: 'timeout',
        http_status: null,
        response_headers: null,
        response_body: null,
        failure: { reason: 'late', request_sent: true },
      },
    });
    expect(noted).toEqual(['unanswered 5000', 'report timeout']);
  });

  it('answered at too great a length is a failure, but not an endpoint that keeps silent (rule 11)', async () => {
    const { attempt, noted } = setUp({ ...TIMEOUT, outcome: 'response_too_large', durationMs: 20 });
    expect(await attempt(anOrder())).toMatchObject({
      classification: { kind: 'retry', outcome: 'response_too_large' },
    });
    expect(noted).toEqual(['answered 20', 'report response_too_large']);
  });

  describe('answered with a status and a body that did not come to its end', () => {
    const CUT_OFF = { ...TIMEOUT, answer: { status: 200, headers: { 'x-a': '1' }, body: 'tha' } };

    it('counts by the status, and says that the answer was not whole', async () => {
      const { attempt } = setUp(CUT_OFF);
      expect(await attempt(anOrder())).toMatchObject({
        classification: { kind: 'delivered' },
        record: {
          outcome: 'delivered',
          http_status: 200,
          response_headers: { 'x-a': '1' },
          response_body: 'tha',
          failure: { reason: 'late', request_sent: true },
        },
      });
    });

    it.each([
      ['timeout', 'unanswered 5000'],
      ['connection_error', 'answered 5000'],
      ['response_too_large', 'answered 5000'],
    ] as const)('for the breaker: %s is %s', async (outcome, note) => {
      const { attempt, noted } = setUp({ ...CUT_OFF, outcome });
      await attempt(anOrder());
      expect(noted).toContain(note);
    });

    it('counts also when it was the stop that cut it off', async () => {
      const { attempt, stopping } = setUp({ ...CUT_OFF, outcome: 'connection_error' });
      stopping.abort();
      expect(await attempt(anOrder())).toMatchObject({ kind: 'ended', classification: { kind: 'delivered' } });
    });
  });

  it('keeps what Retry-After asks for', async () => {
    const { attempt } = setUp({ ...OK, status: 503, headers: { 'retry-after': '120' } });
    expect(await attempt(anOrder())).toMatchObject({ record: { outcome: 'http_error', retry_after_s: 120 } });
  });

  it('cut off by a stop says nothing about the endpoint', async () => {
    const { attempt, noted, stopping } = setUp(TIMEOUT);
    stopping.abort();
    expect(await attempt(anOrder())).toEqual({ kind: 'interrupted' });
    expect(noted).toEqual([]);
  });

  it('that was answered counts although the process is stopping', async () => {
    const { attempt, stopping } = setUp();
    stopping.abort();
    expect(await attempt(anOrder())).toMatchObject({ kind: 'ended', classification: { kind: 'delivered' } });
  });

  it.each([
    ['dotted', '{}'],
    ['snake_case', 'no JSON'],
    ['snake_case', 42],
    ['snake_case', undefined],
  ] as const)(
    'in %s of a body that is no envelope (%j) fails without a request, and is not held against the endpoint',
    async (eventStyle, body) => {
      const { attempt, sent, noted, streaks } = setUp();
      const order = anOrder({ eventStyle });
      const end = await attempt({ ...order, event: { ...order.event, body: body as string } });
      expect(end).toMatchObject({ kind: 'ended', classification: { kind: 'unsendable' } });
      expect(sent).toEqual([]);
      expect(noted).toEqual(['unsendable', 'report connection_error']);
      expect(streaks).toEqual([]);
    },
  );
});
