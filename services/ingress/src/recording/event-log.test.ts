import type { OverflowToEnqueue } from '@owngateway/queue';
import type { EventRecord, InsertOutcome } from '@owngateway/store';
import { createEventLog } from './event-log.ts';

const event = (id: string) => ({ _id: id, merchant_id: 'm_1', dedupe_key: id }) as EventRecord;

function setUp(insertMany: (records: readonly EventRecord[]) => Promise<InsertOutcome[]>, within = 1_000) {
  const stored: string[] = [];
  const overflowed: OverflowToEnqueue[] = [];
  let taken = 0;
  const faults: unknown[] = [];
  const log = createEventLog({
    events: { insertMany },
    shares: {
      take: () => {
        taken += 1;
        return taken <= within ? null : taken - within - 1;
      },
    },
    onOverflow: (events) => void overflowed.push(...events),
    onStored: (ids) => void stored.push(...ids),
    onFault: (fault) => void faults.push(fault),
  });
  return { log, stored, faults, overflowed };
}

const inserted = (records: readonly EventRecord[]) => records.map((): InsertOutcome => ({ kind: 'inserted' }));

describe('createEventLog', () => {
  it('tells which event stands for each, and hands only the new ones on', async () => {
    const { log, stored } = setUp(async () => [{ kind: 'inserted' }, { kind: 'duplicate', existingId: 'evt_0' }]);
    expect(await log.record([event('evt_1'), event('evt_2')])).toEqual(['evt_1', 'evt_0']);
    expect(stored).toEqual(['evt_1']);
  });

  it('stores what exceeds a share in the overflow lane, in groups of its own, and answers in the same order', async () => {
    const since = new Date(0);
    const groups: (readonly EventRecord[])[] = [];
    const insertMany = async (records: readonly EventRecord[]) => {
      groups.push(records);
      return records.map(
        ({ _id }): InsertOutcome =>
          _id === 'evt_3' ? { kind: 'duplicate', existingId: 'evt_0' } : { kind: 'inserted' },
      );
    };
    const { log, stored, overflowed } = setUp(insertMany, 1);
    const events = ['evt_1', 'evt_2', 'evt_3'].map((id) => ({ ...event(id), awaiting_fan_out_since: since }));
    expect(await log.record(events)).toEqual(['evt_1', 'evt_2', 'evt_0']);
    expect(stored).toEqual(['evt_1']);
    expect(overflowed).toEqual([{ eventId: 'evt_2', merchantId: 'm_1', behind: 0 }]);
    const lanes = groups.flat().map((one) => [one._id, one.awaiting_fan_out_since, one.awaiting_overflow_since]);
    expect(lanes.sort()).toEqual([
      ['evt_1', since, undefined],
      ['evt_2', undefined, since],
      ['evt_3', undefined, since],
    ]);
    expect(groups[0]?.map(({ _id }) => _id)).toEqual(['evt_1']);
  });

  it('writes the same group once more when a write fails', async () => {
    const groups: string[][] = [];
    const { log, stored, faults } = setUp(async (records) => {
      groups.push(records.map(({ _id }) => _id));
      if (groups.length === 1) {
        throw new Error('the answer was lost');
      }
      return inserted(records);
    });
    expect(await log.record([event('evt_1'), event('evt_2')])).toEqual(['evt_1', 'evt_2']);
    expect(groups).toEqual([
      ['evt_1', 'evt_2'],
      ['evt_1', 'evt_2'],
    ]);
    expect([stored, faults.length]).toEqual([['evt_1', 'evt_2'], 1]);
  });

  it('takes a duplicate of itself for the event that it is: the first write had arrived', async () => {
    const { log, stored } = setUp(async () => [{ kind: 'duplicate', existingId: 'evt_1' }]);
    expect(await log.record([event('evt_1')])).toEqual(['evt_1']);
    expect(stored).toEqual(['evt_1']);
  });

  it('rejects when the second write fails too, and hands nothing on', async () => {
    const { log, stored } = setUp(async () => {
      throw new Error('away');
    });
    await expect(log.record([event('evt_1')])).rejects.toThrow('away');
    expect(stored).toEqual([]);
  });
});
