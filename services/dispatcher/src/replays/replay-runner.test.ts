import { NOW, NOW_MS } from '../../tests/support/fakes.ts';
import { aReplay } from '../../tests/support/replays.ts';
import { createReplayRunner } from './replay-runner.ts';
import type { StepReport } from './replay-step.ts';

const REPORT: Omit<StepReport, 'nextStepAt'> = {
  counts: { replayed: 1, failed: 0, skipped: 0 },
  failures: {},
  isEnqueued: true,
};

function setUp(due: (Date | null | Error)[]) {
  const log: string[] = [];
  const replay = aReplay(NOW);
  let tokens = 0;
  const runner = createReplayRunner({
    replays: {
      takeStep: async ({ token, leaseMs }) => {
        log.push(`take ${token} for ${leaseMs} at ${Date.now() - NOW_MS}`);
        return due.length > 0 ? replay : null;
      },
    },
    step: async (_replay, token) => {
      const next = due.shift();
      if (next instanceof Error) throw next;
      log.push(`step ${token}`);
      return { ...REPORT, nextStepAt: next ?? null };
    },
    newToken: () => `t${tokens++}`,
    now: () => new Date(),
    onStep: () => undefined,
    onFault: (error) => void log.push(error instanceof Error ? error.message : ''),
  });
  return { runner, log };
}

beforeEach(() => jest.useFakeTimers({ now: NOW }));
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

const after = (ms: number) => new Date(NOW_MS + ms);

it('does every step that is due, each under a lease of its own, then looks again when the next is', async () => {
  const { runner, log } = setUp([after(1_300), null]);
  runner.start();
  await jest.advanceTimersByTimeAsync(1_000);
  expect(log).toEqual([
    'take t0 for 20000 at 1000',
    'step t0',
    'take t1 for 20000 at 1000',
    'step t1',
    'take t2 for 20000 at 1000',
  ]);
  await jest.advanceTimersByTimeAsync(300);
  expect(log.at(-1)).toBe('take t3 for 20000 at 1300');
  await runner.stop();
});

it('looks every second while there is nothing to do', async () => {
  const { runner, log } = setUp([]);
  runner.start();
  await jest.advanceTimersByTimeAsync(3_000);
  expect(log.map((line) => line.split(' at ')[1])).toEqual(['1000', '2000', '3000']);
  await runner.stop();
});

it('goes on after a fault', async () => {
  const { runner, log } = setUp([new Error('MongoDB is away'), null]);
  runner.start();
  await jest.advanceTimersByTimeAsync(2_000);
  expect(log.filter((line) => !line.startsWith('take'))).toEqual(['MongoDB is away', 'step t1']);
  await runner.stop();
});

it('stops after the step at hand and begins no other', async () => {
  const { runner, log } = setUp([after(0), after(0), after(0)]);
  runner.start();
  jest.advanceTimersByTime(1_000);
  await runner.stop();
  expect(log.filter((line) => line.startsWith('step'))).toHaveLength(1);
});
