import type { SuccessRule } from '../subscriptions/subscription.ts';
import type { AttemptResult, Classification, TransportFailure } from './response-classification.ts';
import { classify } from './response-classification.ts';

const NOW = new Date('2026-11-01T12:00:00Z');
const EVENT_ID = 'evt_0192f0c1a2b37c4d8e5f60718293a4b5';

function answer(status: number, { retryAfter, body = '' }: { retryAfter?: string; body?: string } = {}): AttemptResult {
  return { kind: 'response', status, headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter }, body };
}

function classified(result: AttemptResult, success: SuccessRule): Classification {
  return classify(result, { success, eventId: EVENT_ID, now: NOW });
}

const DELIVERED: Classification = { kind: 'delivered', outcome: 'delivered' };
const DISABLE: Classification = { kind: 'disable_subscription', outcome: 'http_error' };
const retry = (outcome: Exclude<Classification['outcome'], 'delivered'>, retryAfterS: number | null = null) =>
  ({ kind: 'retry', outcome, retryAfterS }) satisfies Classification;

/** Every status from 100 to 599, under each success rule; the body does not echo the event id. */
const STATUS_TABLE: {
  from: number;
  to: number;
  any2xx: Classification;
  only200: Classification;
  echo: Classification;
}[] = [
  { from: 100, to: 199, any2xx: retry('http_error'), only200: retry('http_error'), echo: retry('http_error') },
  { from: 200, to: 200, any2xx: DELIVERED, only200: DELIVERED, echo: retry('not_confirmed') },
  { from: 201, to: 299, any2xx: DELIVERED, only200: retry('not_confirmed'), echo: retry('not_confirmed') },
  { from: 300, to: 399, any2xx: retry('redirect'), only200: retry('redirect'), echo: retry('redirect') },
  { from: 400, to: 409, any2xx: retry('http_error'), only200: retry('http_error'), echo: retry('http_error') },
  { from: 410, to: 410, any2xx: DISABLE, only200: DISABLE, echo: DISABLE },
  { from: 411, to: 599, any2xx: retry('http_error'), only200: retry('http_error'), echo: retry('http_error') },
];

describe('classify', () => {
  test.each(STATUS_TABLE)('statuses $from to $to', ({ from, to, any2xx, only200, echo }) => {
    for (let status = from; status <= to; status += 1) {
      expect({ status, of: classified(answer(status), '2xx') }).toEqual({ status, of: any2xx });
      expect({ status, of: classified(answer(status), '200') }).toEqual({ status, of: only200 });
      expect({ status, of: classified(answer(status), 'echo') }).toEqual({ status, of: echo });
    }
  });

  test('the table covers 100 to 599 without a gap', () => {
    const covered = STATUS_TABLE.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, i) => from + i));
    expect(covered).toEqual(Array.from({ length: 500 }, (_, i) => 100 + i));
  });

  test.each([0, 99, 600, 999])('a status outside HTTP (%i) is an error and retried', (status) => {
    expect(classified(answer(status), '2xx')).toEqual(retry('http_error'));
  });

  test.each<[body: string, status: number, expected: Classification]>([
    [EVENT_ID, 200, DELIVERED],
    [`{"received":"${EVENT_ID}"}`, 204, DELIVERED],
    ['evt_somebodyelse', 200, retry('not_confirmed')],
    [EVENT_ID.slice(0, -1), 200, retry('not_confirmed')],
    [EVENT_ID, 500, retry('http_error')],
    [EVENT_ID, 302, retry('redirect')],
  ])('the echo rule wants the event id in a 2xx body: %s with %i', (body, status, expected) => {
    expect(classified(answer(status, { body }), 'echo')).toEqual(expected);
  });

  test.each<TransportFailure>([
    'timeout',
    'dns_error',
    'tls_error',
    'connection_error',
    'blocked_address',
    'response_too_large',
  ])('no answer (%s) is retried under its own name', (outcome) => {
    expect(classified({ kind: 'failure', outcome, answer: null }, '2xx')).toEqual(retry(outcome));
  });

  describe('an answer whose body was too long, too slow or cut off', () => {
    const cutOff = (status: number, more: { retryAfter?: string; body?: string } = {}): AttemptResult => {
      const { kind: _kind, ...whole } = { headers: {}, body: '', status, ...answer(status, more) };
      return { kind: 'failure', outcome: 'timeout', answer: whole };
    };

    test.each(STATUS_TABLE)('counts by its status, $from to $to', ({ from, to, any2xx, only200, echo }) => {
      const missed = (expected: Classification) => (expected.outcome === 'not_confirmed' ? retry('timeout') : expected);
      for (const status of [from, to]) {
        expect(classified(cutOff(status), '2xx')).toEqual(any2xx);
        expect(classified(cutOff(status), '200')).toEqual(only200);
        expect(classified(cutOff(status), 'echo')).toEqual(missed(echo));
      }
    });

    test('counts under the echo rule once the event id has come', () => {
      expect(classified(cutOff(200, { body: `got ${EVENT_ID}` }), 'echo')).toEqual(DELIVERED);
    });

    test('still says when to come back', () => {
      expect(classified(cutOff(503, { retryAfter: '120' }), '2xx')).toEqual(retry('http_error', 120));
    });
  });

  test.each([301, 400, 404, 429, 500, 503])('Retry-After is honoured on %i', (status) => {
    const outcome = status === 301 ? 'redirect' : 'http_error';
    expect(classified(answer(status, { retryAfter: '120' }), '2xx')).toEqual(retry(outcome, 120));
  });

  test('Retry-After on a 2xx that confirms nothing is ignored', () => {
    expect(classified(answer(202, { retryAfter: '120' }), '200')).toEqual(retry('not_confirmed'));
  });
});
