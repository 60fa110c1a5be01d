import type { Classification } from '@owngateway/domain';
import { NOW, NOW_MS } from '../../tests/support/fakes.ts';
import type { Unsendable } from './attempt.ts';
import { nextStep, type RetryContext, stateAfter } from './next-step.ts';

const context = (fields: Partial<RetryContext> = {}): RetryContext => ({
  policy: { delays_s: [60, 120] },
  attemptsMade: 1,
  roundStartedAt: NOW,
  now: NOW,
  random: () => 0.5,
  ...fields,
});
const failed = (retryAfterS: number | null = null): Classification => ({
  kind: 'retry',
  outcome: 'http_error',
  retryAfterS,
});
const inS = (seconds: number) => new Date(NOW_MS + seconds * 1_000);

describe('what follows from an attempt', () => {
  it.each<[string, Classification | Unsendable, Partial<RetryContext>, object]>([
    ['received', { kind: 'delivered', outcome: 'delivered' }, {}, { status: 'delivered', completedAt: NOW }],
    ['410', { kind: 'disable_subscription', outcome: 'http_error' }, {}, { status: 'held' }],
    [
      'an event that cannot be sent',
      { kind: 'unsendable', outcome: 'connection_error' },
      {},
      { status: 'failed', reason: 'event_unsendable', at: NOW },
    ],
    ['first failure', failed(), {}, { status: 'retrying', nextAttemptAt: inS(60) }],
    ['second failure', failed(), { attemptsMade: 2 }, { status: 'retrying', nextAttemptAt: inS(120) }],
    ['last failure', failed(), { attemptsMade: 3 }, { status: 'failed', reason: 'retries_exhausted', at: NOW }],
    ['longer Retry-After', failed(600), {}, { status: 'retrying', nextAttemptAt: inS(600) }],
    ['shorter Retry-After', failed(1), {}, { status: 'retrying', nextAttemptAt: inS(60) }],
    [
      'the day is over',
      failed(),
      { policy: 'exponential-24h', attemptsMade: 13, roundStartedAt: inS(-86_399) },
      { status: 'failed', reason: 'retries_exhausted', at: NOW },
    ],
  ])('%s', (_name, classification, fields, expected) => {
    expect(nextStep(classification, context(fields))).toEqual(expected);
  });
});

describe('the fields of the document', () => {
  const open = { next_attempt_at: null, completed_at: null, dead_letter: null };
  it('say what the sweeper must know, and nothing when it must not look', () => {
    expect(stateAfter({ status: 'delivered', completedAt: NOW })).toEqual({
      ...open,
      status: 'delivered',
      completed_at: NOW,
    });
    expect(stateAfter({ status: 'retrying', nextAttemptAt: NOW })).toEqual({
      ...open,
      status: 'retrying',
      next_attempt_at: NOW,
      due_at: NOW,
    });
    expect(stateAfter({ status: 'held' })).toEqual({ ...open, status: 'held' });
    expect(stateAfter({ status: 'failed', reason: 'retries_exhausted', at: NOW })).toEqual({
      ...open,
      status: 'failed',
      completed_at: NOW,
      dead_letter: { reason: 'retries_exhausted', at: NOW },
    });
  });
});
