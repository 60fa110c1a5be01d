import fc from 'fast-check';
import type { RetryPolicy } from './retry-policy.ts';
import { retryPolicySchema } from './retry-policy.ts';
import { describeSchedule, keptWhileHeldBackMs, nextAttempt } from './retry-schedule.ts';

const START = new Date('2026-11-01T12:00:00Z');
const DAY_S = 86_400;

/** Plays one round in which every attempt fails at once; gives the delays in seconds. */
function playRound(policy: RetryPolicy, random: () => number, retryAfterS: number | null = null): number[] {
  const delaysS: number[] = [];
  let now = START;
  for (let attemptsMade = 1; attemptsMade < 200; attemptsMade += 1) {
    const next = nextAttempt({ policy, attemptsMade, roundStartedAt: START, now, random, retryAfterS });
    if (next.exhausted) return delaysS;
    delaysS.push((next.at.getTime() - now.getTime()) / 1_000);
    now = next.at;
  }
  throw new Error('The round does not end.');
}

const middle = () => 0.5;
const policies: fc.Arbitrary<RetryPolicy> = fc.oneof(
  fc.constant<RetryPolicy>('three-retries'),
  fc.constant<RetryPolicy>('exponential-24h'),
  fc.array(fc.integer({ min: 1, max: 12_000 }), { minLength: 1, maxLength: 50 }).map((delays_s) => ({ delays_s })),
);
const draws = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('nextAttempt', () => {
  test('three-retries tries again after 30 s, 5 min and 30 min, then gives up', () => {
    expect(playRound('three-retries', middle)).toEqual([30, 300, 1_800]);
  });

  test('an explicit schedule is kept to the second, without jitter', () => {
    const delays_s = [1, 5, 60, 3_600, DAY_S];
    expect(playRound({ delays_s }, () => 0)).toEqual(delays_s);
    expect(playRound({ delays_s }, () => 0.999)).toEqual(delays_s);
  });

  test('exponential-24h doubles from 5 s up to 4 h', () => {
    expect(playRound('exponential-24h', middle).slice(0, 12)).toEqual([
      5, 10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 5_120, 10_240,
    ]);
  });

  test('exponential-24h jitters each delay by at most 20 %, stays below 4 h, and ends within 24 h', () => {
    fc.assert(
      fc.property(fc.infiniteStream(draws), (stream) => {
        const delaysS = playRound('exponential-24h', () => stream.next().value ?? 0);
        for (const [index, delayS] of delaysS.entries()) {
          const nominalS = Math.min(5 * 2 ** index, 14_400);
          expect(delayS).toBeGreaterThanOrEqual(nominalS * 0.8 - 0.001);
          expect(delayS).toBeLessThanOrEqual(Math.min(nominalS * 1.2 + 0.001, 14_400));
        }
        const totalS = delaysS.reduce((sum, delayS) => sum + delayS, 0);
        expect(totalS).toBeLessThanOrEqual(DAY_S);
        // It does not give up early either: one more delay would not have fitted.
        expect(totalS).toBeGreaterThan(DAY_S - 14_400);
      }),
      { numRuns: 60 },
    );
  });

  test('delays at the cap are spread out, not piled up on it', () => {
    const atCap = (draw: number) => playRound('exponential-24h', () => draw)[12];
    expect(atCap(0)).toBe(11_520);
    expect(atCap(0.5)).toBe(12_960);
    expect(atCap(0.99)).toBeLessThan(14_400);
  });

  test('a longer Retry-After replaces the delay, a shorter one does not', () => {
    expect(playRound('three-retries', middle, 120)).toEqual([120, 300, 1_800]);
  });

  test('Retry-After counts for at most an hour, also when the caller passes more', () => {
    expect(playRound('three-retries', middle, 10 * 365 * DAY_S)).toEqual([3_600, 3_600, 3_600]);
  });

  test('an attempt that comes long after the 24 h, as after an outage of ours, is the last', () => {
    const now = new Date(START.getTime() + 25 * 3_600_000);
    expect(
      nextAttempt({
        policy: 'exponential-24h',
        attemptsMade: 2,
        roundStartedAt: START,
        now,
        random: middle,
        retryAfterS: null,
      }),
    ).toEqual({ exhausted: true });
  });

  test('the next attempt is always later than now, whatever the policy, the draw and the receiver say', () => {
    fc.assert(
      fc.property(
        policies,
        fc.integer({ min: 1, max: 2_000 }),
        draws,
        fc.option(fc.integer({ min: 1, max: 3_600 })),
        (policy, attemptsMade, draw, retryAfterS) => {
          const next = nextAttempt({
            policy,
            attemptsMade,
            roundStartedAt: START,
            now: START,
            random: () => draw,
            retryAfterS,
          });
          if (!next.exhausted) {
            const delayMs = next.at.getTime() - START.getTime();
            expect(delayMs).toBeGreaterThanOrEqual(Math.max(1_000, (retryAfterS ?? 0) * 1_000));
            expect(delayMs).toBeLessThanOrEqual(DAY_S * 1_000);
          }
        },
      ),
    );
  });

  test('asking before the first attempt is a fault', () => {
    expect(() => playRoundFromZero()).toThrow(RangeError);
  });
});

function playRoundFromZero() {
  return nextAttempt({
    policy: 'three-retries',
    attemptsMade: 0,
    roundStartedAt: START,
    now: START,
    random: middle,
    retryAfterS: null,
  });
}

describe('describeSchedule', () => {
  test('is what a round without jitter does', () => {
    expect(describeSchedule('three-retries')).toEqual([30, 300, 1_800]);
    expect(describeSchedule({ delays_s: [1, 2] })).toEqual([1, 2]);
    expect(describeSchedule('exponential-24h')).toEqual([
      5, 10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 5_120, 10_240, 14_400, 14_400, 14_400, 14_400,
    ]);
  });
});

describe('retryPolicySchema', () => {
  test.each<[unknown]>([
    ['three-retries'],
    ['exponential-24h'],
    [{ delays_s: [1] }],
    [{ delays_s: Array.from({ length: 50 }, () => 1) }],
    [{ delays_s: Array.from({ length: 7 }, () => DAY_S) }],
  ])('accepts %j', (policy) => {
    expect(retryPolicySchema.parse(policy)).toEqual(policy);
  });

  test.each<[unknown, (string | number)[]]>([
    ['forever', []],
    [null, []],
    [{ delays_s: [] }, ['delays_s']],
    [{ delays_s: Array.from({ length: 51 }, () => 1) }, []],
    [{ delays_s: [5, 0] }, ['delays_s', 1]],
    [{ delays_s: [DAY_S + 1] }, ['delays_s', 0]],
    [{ delays_s: Array.from({ length: 8 }, () => DAY_S) }, ['delays_s']],
  ])('refuses %j and names the place', (policy, path) => {
    const result = retryPolicySchema.safeParse(policy);
    expect(result.error?.issues[0]?.path).toEqual(path);
  });

  test.each([[{ delays_s: [1.5] }], [{ delays_s: ['1'] }], [{ delays_s: [1], more: true }], [{}], [[1, 2]]])(
    'refuses %j',
    (policy) => {
      expect(retryPolicySchema.safeParse(policy).success).toBe(false);
    },
  );
});

test.each<[RetryPolicy, number]>([
  ['exponential-24h', 24],
  ['three-retries', 24],
  [{ delays_s: [1] }, 24],
  [{ delays_s: [86_400, 86_400, 3_600] }, 49],
])('what a breaker holds back is kept for as long as %j would try, and a day at least', (policy, hours) => {
  expect(keptWhileHeldBackMs(policy)).toBe(hours * 3_600_000);
});
