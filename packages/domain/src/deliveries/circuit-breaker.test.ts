import fc from 'fast-check';
import type { BreakerState } from './circuit-breaker.ts';
import { breakerVerdict, CLOSED_BREAKER, recordAnswer, recordNoAnswer, startProbe } from './circuit-breaker.ts';

const NOW = 1_793_534_400_000;

function afterNoAnswers(count: number, state: BreakerState = CLOSED_BREAKER): BreakerState {
  return Array.from({ length: count }).reduce<BreakerState>((current) => recordNoAnswer(current, NOW), state);
}

function take(step: string, state: BreakerState, now: number): BreakerState {
  if (step === 'answer') return recordAnswer(state);
  if (step === 'none') return recordNoAnswer(state, now);
  if (breakerVerdict(state, now).kind !== 'probe') return state;
  const probing = startProbe(state, now);
  expect(breakerVerdict(probing, now).kind).toBe('open');
  return probing;
}

function expectBoundedWait(state: BreakerState, now: number): void {
  const verdict = breakerVerdict(state, now);
  if (verdict.kind !== 'open') return;
  expect(verdict.until).toBeGreaterThan(now);
  expect(verdict.until - now).toBeLessThanOrEqual(300_000);
  expect(breakerVerdict(state, verdict.until)).toEqual({ kind: 'probe' });
}

describe('the breaker of a subscription', () => {
  test('stays closed for four attempts without an answer and opens at the fifth, for 10 s', () => {
    expect(breakerVerdict(afterNoAnswers(4), NOW)).toEqual({ kind: 'closed' });
    expect(breakerVerdict(afterNoAnswers(5), NOW)).toEqual({ kind: 'open', until: NOW + 10_000 });
  });

  test('an answer in between starts the count again', () => {
    const answered = recordAnswer(afterNoAnswers(4));
    expect(breakerVerdict(afterNoAnswers(4, answered), NOW)).toEqual({ kind: 'closed' });
  });

  test('lets one probe through when its time is up, and nobody else until that has ended', () => {
    const open = afterNoAnswers(5);
    expect(breakerVerdict(open, NOW + 9_999).kind).toBe('open');
    expect(breakerVerdict(open, NOW + 10_000)).toEqual({ kind: 'probe' });
    const probing = startProbe(open, NOW + 10_000);
    expect(breakerVerdict(probing, NOW + 10_001)).toEqual({ kind: 'open', until: NOW + 70_000 });
  });

  test('a probe that never reports back is given up after a minute', () => {
    const probing = startProbe(afterNoAnswers(5), NOW + 10_000);
    expect(breakerVerdict(probing, NOW + 69_999).kind).toBe('open');
    expect(breakerVerdict(probing, NOW + 70_000)).toEqual({ kind: 'probe' });
  });

  test('a probe that is answered closes it', () => {
    expect(breakerVerdict(recordAnswer(startProbe(afterNoAnswers(5), NOW + 10_000)), NOW + 10_500)).toEqual({
      kind: 'closed',
    });
  });

  test('probes without an answer keep it open twice as long each time, up to 5 min', () => {
    let state = afterNoAnswers(5);
    let now = NOW;
    const openForMs: number[] = [];
    for (let i = 0; i < 7; i += 1) {
      openForMs.push((state.openUntil ?? 0) - now);
      now = state.openUntil ?? 0;
      state = recordNoAnswer(startProbe(state, now), now);
    }
    expect(openForMs).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
  });

  test('attempts that were in flight when it opened do not lengthen it', () => {
    expect(breakerVerdict(afterNoAnswers(25), NOW)).toEqual({ kind: 'open', until: NOW + 10_000 });
  });

  test('whatever happens, it lets a probe through within 5 min, and never two attempts in one probe', () => {
    const steps = fc.array(fc.tuple(fc.constantFrom('answer', 'none', 'ask'), fc.nat(120_000)), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (story) => {
        let state = CLOSED_BREAKER;
        let now = NOW;
        for (const [step, afterMs] of story) {
          now += afterMs;
          state = take(step, state, now);
          expectBoundedWait(state, now);
        }
      }),
    );
  });
});
