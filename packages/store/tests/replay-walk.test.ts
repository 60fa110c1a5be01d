import { newId } from '@owngateway/domain';
import type { DeliveryRecord, ReplayPosition, ReplaySelection, TenantScope } from '../src/index.ts';
import { aDelivered, aDelivery } from './fixtures/records.ts';
import { aSelection, SNAPSHOT } from './fixtures/replays.ts';
import { MERCHANT_1, MERCHANT_2, OPERATOR, useTestStore } from './fixtures/test-store.ts';

const context = useTestStore();
const later = (ms: number) => new Date(SNAPSHOT.getTime() + ms);
const AT = later(1_000);

let hour = 0;
/** Ids of events made in successive hours. */
const eventId = () => `evt_${Date.UTC(2025, 0, 1, ++hour).toString(16).padStart(12, '0')}${newId('evt').slice(16)}`;
const failed = (fields: Partial<DeliveryRecord> = {}) => {
  const { due_at: _open, ...ended } = aDelivery({ event_id: eventId(), status: 'failed', ...fields });
  return ended;
};
const stored = async (...deliveries: DeliveryRecord[]) => {
  await context.store.deliveries.insertMany(deliveries);
  return deliveries;
};
beforeEach(() => context.collection('deliveries').deleteMany({}));

/** Every look to the end, with what each found. */
async function walk(scope: TenantScope, selection: ReplaySelection, limit = 100): Promise<string[][]> {
  const looks: string[][] = [];
  let position: ReplayPosition | null = { stretch: 0, after: null };
  while (position !== null) {
    const { ids, next }: { ids: string[]; next: ReplayPosition | null } = await context.store.deliveries.lookForReplay(
      scope,
      selection,
      { position, limit },
    );
    looks.push(ids);
    position = next;
  }
  return looks;
}
const found = async (scope: TenantScope, selection: ReplaySelection) => (await walk(scope, selection)).flat();
const idsOf = (deliveries: DeliveryRecord[]) => deliveries.map(({ _id }) => _id);

describe('the looks of a bulk replay', () => {
  it('find every selected delivery once, oldest first, in batches', async () => {
    const all = await stored(...Array.from({ length: 7 }, () => failed()));
    await stored(aDelivered({ event_id: eventId() }), aDelivery({ event_id: eventId() }));
    expect(await walk(MERCHANT_1, aSelection(), 3)).toEqual([
      idsOf(all.slice(0, 3)),
      idsOf(all.slice(3, 6)),
      idsOf(all.slice(6)),
    ]);
  });

  it('narrow by everything that can be asked for', async () => {
    const [one, two, three] = (await stored(
      failed({ subscription_id: 'sub_a' }),
      failed({ subscription_id: 'sub_b', event_type: 'refund_failed' }),
      failed({ status: 'cancelled', merchant_id: 'm_below' }),
    )) as [DeliveryRecord, DeliveryRecord, DeliveryRecord];
    const timeOf = ({ event_id }: DeliveryRecord) => new Date(Number.parseInt(event_id.slice(4, 16), 16));
    for (const scope of [MERCHANT_1, OPERATOR]) {
      expect(await found(scope, aSelection({ subscription_id: 'sub_a' }))).toEqual([one._id]);
      expect(await found(scope, aSelection({ types: ['refund_failed', 'chargeback'] }))).toEqual([two._id]);
      expect(await found(scope, aSelection({ status: ['cancelled'] }))).toEqual([three._id]);
      expect(await found(scope, aSelection({ status: ['cancelled'], merchant_id: 'm_below' }))).toEqual([three._id]);
      expect(await found(scope, aSelection({ merchant_id: 'm_below' }))).toEqual([]);
      expect(await found(scope, aSelection({ status: ['failed', 'cancelled'] }))).toEqual(idsOf([one, two, three]));
      expect(await found(scope, aSelection({ since: timeOf(two) }))).toEqual([two._id]);
      expect(await found(scope, aSelection({ until: timeOf(two) }))).toEqual([one._id]);
      expect(await found(scope, aSelection({ status: ['delivered'] }))).toEqual([]);
    }
    expect((await found(MERCHANT_1, aSelection({ status: ['pending', 'failed'] }))).sort()).toEqual([one._id, two._id]);
  });

  it('reach what the caller reaches (rule 12)', async () => {
    const [own, reseller] = (await stored(
      failed(),
      failed({ owner_key: 'reseller:r_1', subscription_id: 'sub_r' }),
    )) as [DeliveryRecord, DeliveryRecord];
    expect(await found(MERCHANT_1, aSelection())).toEqual([own._id]);
    expect(await found(MERCHANT_1, aSelection({ subscription_id: 'sub_r' }))).toEqual([]);
    expect(await found(MERCHANT_2, aSelection())).toEqual([]);
    expect(await found({ level: 'reseller', id: 'r_1', merchantIds: ['m_1'] }, aSelection())).toEqual([
      own._id,
      reseller._id,
    ]);
    expect(await found(OPERATOR, aSelection())).toEqual([own._id, reseller._id]);
  });

  it('pass over what came to be after the replay was asked for: deliveries, and rounds of old ones', async () => {
    await stored(
      failed({ created_at: later(1), round_started_at: later(1) }),
      failed({ round: 1, round_started_at: later(1) }),
    );
    expect(await found(MERCHANT_1, aSelection())).toEqual([]);
    expect(await found(OPERATOR, aSelection())).toEqual([]);
  });

  it('pass over a replay that has not been sent yet: both would be one', async () => {
    const [unsent, sent] = (await stored(
      aDelivery({ event_id: eventId(), round: 1 }),
      aDelivery({ event_id: eventId(), round: 1, status: 'retrying', attempts_made: 1 }),
    )) as [DeliveryRecord, DeliveryRecord];
    expect(unsent.status).toBe('pending');
    expect(await found(MERCHANT_1, aSelection({ status: ['pending', 'retrying'] }))).toEqual([sent._id]);
  });

  it('each read a bounded part, however rare the selected ones are', async () => {
    const rare = failed();
    const many = Array.from({ length: 2_500 }, () => aDelivered({ event_id: eventId() }));
    const last = failed();
    await stored(rare, ...many, last);
    const looks = await walk(OPERATOR, aSelection());
    expect(looks).toEqual([[rare._id], [], [last._id]]);
  });
});

describe('the round that a bulk replay begins', () => {
  const replayId = newId('rpl');
  const raise = (scope: TenantScope, ids: string[], fields: object = {}) =>
    context.store.deliveries.replaySelected(scope, aSelection(), {
      ids,
      replayId,
      at: AT,
      status: 'pending',
      ...fields,
    });
  const now = async (id: string) => context.store.deliveries.get(OPERATOR, id);

  it('is that of a single replay, with the mark, exactly once however often it is asked for', async () => {
    const [one, two] = (await stored(failed(), failed())) as [DeliveryRecord, DeliveryRecord];
    await context.store.deliveries.replay(MERCHANT_1, two._id, SNAPSHOT);
    await Promise.all([raise(MERCHANT_1, [one._id]), raise(MERCHANT_1, [one._id])]);
    const { _id: _a, event_id: _b, replayed_by, ...bulk } = (await now(one._id)) as DeliveryRecord;
    const { _id: _c, event_id: _d, ...single } = (await now(two._id)) as DeliveryRecord;
    expect(replayed_by).toEqual([replayId]);
    expect(bulk).toEqual({ ...single, round_started_at: AT, next_attempt_at: AT, due_at: AT });
    expect(bulk.round).toBe(1);
    // Whatever became of that round: a runner that comes back late begins no other.
    await context.collection('deliveries').updateOne({ _id: one._id }, { $set: { status: 'failed' } });
    await raise(MERCHANT_1, [one._id], { at: later(5_000) });
    expect(await now(one._id)).toMatchObject({ status: 'failed', round: 1 });
  });

  it('is held for a disabled subscription: due once that is enabled', async () => {
    const [one] = (await stored(failed({ subscription_id: newId('sub') }))) as [DeliveryRecord];
    await raise(MERCHANT_1, [one._id], { status: 'held' });
    const held = await now(one._id);
    expect(held).toMatchObject({ status: 'held', round: 1, dead_letter: null });
    expect(held).not.toHaveProperty('due_at');
    expect(await context.store.deliveries.subscriptionsWithHeld(10)).toContain(one.subscription_id);
  });

  it('is not begun for what moved on, was replayed by somebody else, or is not the caller’s', async () => {
    const [cancelled, replayed, strange] = (await stored(
      failed({ status: 'cancelled' }),
      failed({ round: 1, round_started_at: later(1) }),
      failed({ owner_key: 'merchant:m_2' }),
    )) as [DeliveryRecord, DeliveryRecord, DeliveryRecord];
    await raise(MERCHANT_1, idsOf([cancelled, replayed, strange]));
    for (const one of [cancelled, replayed, strange]) expect(await now(one._id)).toMatchObject({ round: one.round });
    const states = await context.store.deliveries.loadForReplay(MERCHANT_1, idsOf([cancelled, replayed, strange]));
    expect(states.map(({ _id }) => _id).sort()).toEqual(idsOf([cancelled, replayed]).sort());
  });

  it('keeps the marks of other replays', async () => {
    const [one] = (await stored(failed({ replayed_by: ['rpl_earlier'] }))) as [DeliveryRecord];
    await raise(MERCHANT_1, [one._id]);
    expect(await context.store.deliveries.loadForReplay(MERCHANT_1, [one._id])).toMatchObject([
      { replayed_by: ['rpl_earlier', replayId], round: 1 },
    ]);
  });
});
