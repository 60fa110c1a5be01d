import { newId } from '@owngateway/domain';
import type { ReplayRecord } from '../src/index.ts';
import { aReplay, SNAPSHOT } from './fixtures/replays.ts';
import { FIRST_PAGE, MERCHANT_1, MERCHANT_2, OPERATOR, useTestStore } from './fixtures/test-store.ts';

const context = useTestStore();
const after = (ms: number) => new Date(SNAPSHOT.getTime() + ms);
const LEASE_MS = 10_000;
const NEXT = { stretch: 0, after: 'dlv_2' };
const NOTHING = { replayed: 0, failed: 0, skipped: 0 };

beforeEach(() => context.collection('replays').deleteMany({}));

const stored = async (fields: Partial<ReplayRecord> = {}) => {
  const replay = aReplay(fields);
  await context.store.replays.create(replay);
  return replay;
};
const take = (token: string, now = SNAPSHOT) => context.store.replays.takeStep({ token, now, leaseMs: LEASE_MS });
const now = async ({ _id }: ReplayRecord) => (await context.store.replays.get(OPERATOR, _id)) as ReplayRecord;
const endStep = (replayId: string, token: string, end: Partial<Parameters<Replays['endStep']>[1]> = {}) =>
  context.store.replays.endStep(
    { replayId, token },
    { next: NEXT, counts: NOTHING, failures: {}, nextStepAt: after(1_000), now: SNAPSHOT, ...end },
  );
type Replays = typeof context.store.replays;

describe('a replay', () => {
  it('is read as it was written, by its owner and those above', async () => {
    const replay = await stored();
    expect(await context.store.replays.get(MERCHANT_1, replay._id)).toEqual(replay);
    expect(await context.store.replays.get(MERCHANT_2, replay._id)).toBeNull();
    const ofOperator = await stored({ owner_key: 'operator', owner: { level: 'operator', id: 'ops' } });
    expect(await context.store.replays.get(MERCHANT_1, ofOperator._id)).toBeNull();
    const ids = async (scope: Parameters<Replays['list']>[0]) =>
      (await context.store.replays.list(scope, FIRST_PAGE)).items.map(({ _id }) => _id);
    expect(await ids(OPERATOR)).toEqual([ofOperator._id, replay._id]);
    expect(await ids({ level: 'reseller', id: 'r_1', merchantIds: ['m_1'] })).toEqual([replay._id]);
    expect(await context.store.replays.countRunning('merchant:m_1')).toBe(1);
  });
});

describe('a step', () => {
  it('is taken by one at a time, the longest due first, and by somebody else once its lease has run out', async () => {
    const late = await stored({ next_step_at: after(-5_000) });
    const later = await stored({ next_step_at: after(-1_000) });
    const future = await stored({ next_step_at: after(1_000) });
    const taken = await Promise.all(['a', 'b', 'c', 'd'].map((token) => take(token)));
    expect(
      taken
        .filter((replay) => replay !== null)
        .map(({ _id }) => _id)
        .sort(),
    ).toEqual([late._id, later._id].sort());
    expect(await take('e', after(1_000))).toMatchObject({ _id: future._id });
    expect(await take('f', after(LEASE_MS - 1))).toBeNull();
    expect(await take('g', after(LEASE_MS))).toMatchObject({ lease_token: 'g' });
  });

  it('writes down its batch first, counts it in the end, and goes on from there', async () => {
    const replay = await stored();
    await take('a');
    const batch = { ids: ['dlv_1', 'dlv_2'], next: NEXT };
    const step = { replayId: replay._id, token: 'a' };
    expect(await context.store.replays.beginBatch(step, batch)).toBe(true);
    expect(await now(replay)).toMatchObject({ batch, matched: 2, replayed: 0 });
    const counts = { replayed: 1, failed: 1, skipped: 0 };
    expect(await endStep(replay._id, 'a', { counts, failures: { payload_gone: 1 } })).toBe(true);
    expect(await now(replay)).toMatchObject({
      batch: null,
      position: NEXT,
      matched: 2,
      ...counts,
      failures: { payload_gone: 1, subscription_deleted: 0 },
      next_step_at: after(1_000),
      state: 'running',
    });
    // The step was given back: ending it again counts nothing.
    expect(await endStep(replay._id, 'a', { counts })).toBe(false);
    expect(await now(replay)).toMatchObject({ matched: 2, ...counts });
  });

  it('that was taken away begins nothing and counts nothing', async () => {
    const replay = await stored();
    await take('frozen');
    const batch = { ids: ['dlv_1'], next: null };
    await context.store.replays.beginBatch({ replayId: replay._id, token: 'frozen' }, batch);
    // Whoever goes on is told what was begun.
    expect(await take('other', after(LEASE_MS))).toMatchObject({ batch, matched: 1 });
    expect(await context.store.replays.beginBatch({ replayId: replay._id, token: 'frozen' }, batch)).toBe(false);
    expect(await context.store.replays.beginBatch({ replayId: replay._id, token: 'other' }, batch)).toBe(false);
    const counts = { ...NOTHING, replayed: 1 };
    expect(await endStep(replay._id, 'frozen', { counts, next: null })).toBe(false);
    expect(await endStep(replay._id, 'other', { counts, next: null })).toBe(true);
    const ended = await now(replay);
    expect(ended).toMatchObject({ state: 'done', completed_at: SNAPSHOT, matched: 1, replayed: 1 });
    expect(ended).not.toHaveProperty('next_step_at');
    expect(await take('late', after(1e9))).toBeNull();
    expect(await context.store.replays.countRunning('merchant:m_1')).toBe(0);
  });
});

describe('cancelling', () => {
  it('ends what runs, once; what is done stays done', async () => {
    const replay = await stored();
    expect(await context.store.replays.cancel(MERCHANT_2, replay._id, after(1))).toBe('not_found');
    expect(await context.store.replays.cancel(MERCHANT_1, newId('rpl'), after(1))).toBe('not_found');
    expect(await context.store.replays.cancel(MERCHANT_1, replay._id, after(1))).toMatchObject({
      state: 'cancelled',
      completed_at: after(1),
    });
    expect(await context.store.replays.cancel(MERCHANT_1, replay._id, after(2))).toMatchObject({
      completed_at: after(1),
    });
    const done = await stored({ state: 'done', completed_at: SNAPSHOT });
    expect(await context.store.replays.cancel(MERCHANT_1, done._id, after(1))).toBe('done');
  });

  it('lets nothing begin, and the batch at hand be counted', async () => {
    const idle = await stored();
    await take('a');
    await context.store.replays.cancel(MERCHANT_1, idle._id, after(1));
    expect(await context.store.replays.beginBatch({ replayId: idle._id, token: 'a' }, { ids: ['d'], next: null })).toBe(
      false,
    );
    expect(await take('b', after(LEASE_MS))).toMatchObject({ _id: idle._id, state: 'cancelled', batch: null });

    const busy = await stored();
    await take('c');
    await context.store.replays.beginBatch({ replayId: busy._id, token: 'c' }, { ids: ['d'], next: NEXT });
    await context.store.replays.cancel(MERCHANT_1, busy._id, after(1));
    expect(await endStep(busy._id, 'c', { counts: { ...NOTHING, replayed: 1 } })).toBe(true);
    const ended = await now(busy);
    expect(ended).toMatchObject({ state: 'cancelled', batch: null, matched: 1, replayed: 1, completed_at: after(1) });
    expect(ended).not.toHaveProperty('next_step_at');
  });
});
