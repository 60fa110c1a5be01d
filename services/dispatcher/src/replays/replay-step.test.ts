import type { ReplayRecord } from '@owngateway/store';
import { NOW, NOW_MS, now } from '../../tests/support/fakes.ts';
import { aReplay } from '../../tests/support/replays.ts';
import type { BatchReport } from './replay-batch.ts';
import { createReplayStep } from './replay-step.ts';

const END = { stretch: 0, after: 'dlv_9' };

function setUp({ ids = ['dlv_1', 'dlv_2'], mayBegin = true, isEnqueued = true } = {}) {
  const calls: [string, ...unknown[]][] = [];
  const step = createReplayStep({
    replays: {
      beginBatch: async (of, batch) => {
        calls.push(['begin', of, batch]);
        return mayBegin;
      },
      endStep: async (of, end) => {
        calls.push(['end', of, end]);
        return true;
      },
    },
    deliveries: {
      lookForReplay: async (scope, _selection, look) => {
        calls.push(['look', scope, look]);
        return { ids, next: END };
      },
    },
    merchants: { idsBelow: async ({ id }) => [`below_${id}`] },
    batch: async (scope, replay, batch): Promise<BatchReport> => {
      calls.push(['replay', scope, replay._id, batch]);
      return { counts: { replayed: batch.length, failed: 0, skipped: 0 }, failures: {}, isEnqueued };
    },
    now,
  });
  return { calls, run: (replay: ReplayRecord) => step(replay, 'token') };
}

const OPERATOR = { level: 'operator' };
const endOf = (calls: [string, ...unknown[]][]) => calls.find(([name]) => name === 'end')?.[2];

describe('a step of a bulk replay', () => {
  it('writes its batch down, replays it, counts it, in this order', async () => {
    const { calls, run } = setUp();
    const replay = aReplay(NOW);
    await run(replay);
    const of = { replayId: replay._id, token: 'token' };
    expect(calls).toEqual([
      ['look', OPERATOR, { position: replay.position, limit: 100 }],
      ['begin', of, { ids: ['dlv_1', 'dlv_2'], next: END }],
      ['replay', OPERATOR, replay._id, ['dlv_1', 'dlv_2']],
      [
        'end',
        of,
        {
          next: END,
          counts: { replayed: 2, failed: 0, skipped: 0 },
          failures: {},
          nextStepAt: new Date(NOW_MS + 4),
          now: NOW,
        },
      ],
    ]);
  });

  it.each([
    [1, 1, 1_000],
    [4, 4, 1_000],
    [500, 100, 200],
  ])('at %i a second takes %i at a time and then pauses %i ms', async (rate_per_s, limit, pauseMs) => {
    const { calls, run } = setUp({ ids: Array.from({ length: limit }, (_, n) => `dlv_${n}`) });
    const { nextStepAt } = await run(aReplay(NOW, { rate_per_s }));
    expect(calls[0]?.[2]).toMatchObject({ limit });
    expect(nextStepAt).toEqual(new Date(NOW_MS + pauseMs));
  });

  it('does the batch again that a crash left, without looking for another', async () => {
    const { calls, run } = setUp();
    await run(aReplay(NOW, { batch: { ids: ['dlv_7'], next: null } }));
    expect(calls.map(([name]) => name)).toEqual(['replay', 'end']);
    expect(endOf(calls)).toMatchObject({ next: null, counts: { replayed: 1 } });
  });

  it('goes on at once where a look found nothing, and ends where there is nothing more', async () => {
    const { calls, run } = setUp({ ids: [] });
    expect(await run(aReplay(NOW))).toMatchObject({ nextStepAt: NOW });
    expect(calls.map(([name]) => name)).toEqual(['look', 'end']);
  });

  it('replays nothing that it was not allowed to begin: cancelled, or taken away', async () => {
    const { calls, run } = setUp({ mayBegin: false });
    await run(aReplay(NOW));
    expect(calls.map(([name]) => name)).toEqual(['look', 'begin', 'end']);
    expect(endOf(calls)).toMatchObject({ counts: { replayed: 0 } });
  });

  it('looks for nothing when the replay is cancelled, but counts the batch at hand', async () => {
    const { calls, run } = setUp();
    await run(aReplay(NOW, { state: 'cancelled' }));
    expect(calls.map(([name]) => name)).toEqual(['end']);
    await run(aReplay(NOW, { state: 'cancelled', batch: { ids: ['dlv_7'], next: null } }));
    expect(calls.map(([name]) => name)).toEqual(['end', 'replay', 'end']);
  });

  it('waits while Redis takes no jobs', async () => {
    const { run } = setUp({ isEnqueued: false });
    expect((await run(aReplay(NOW))).nextStepAt).toEqual(new Date(NOW_MS + 10_000));
  });

  it('asks at every step whom a portfolio or reseller reaches', async () => {
    const { calls, run } = setUp();
    await run(aReplay(NOW, { owner: { level: 'reseller', id: 'r_1' } }));
    const scope = { level: 'reseller', id: 'r_1', merchantIds: ['below_r_1'] };
    expect([calls[0]?.[1], calls[2]?.[1]]).toEqual([scope, scope]);
  });
});
