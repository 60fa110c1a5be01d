import type { EventRecord, InsertOutcome } from '@owngateway/store';
import { createEventLog } from './event-log.ts';

const event = (id: string) => ({ _id: id, merchant_id: 'm_1', dedupe_key: id }) as EventRecord;

function setUp(insertMany: (records: readonly EventRecord[]) => Promise<InsertOutcome[]>) {
  const stored: string[] = [];
  const faults: unknown[] = [];
  const log = createEventLog({
    events: { insertMany },
    onStored: (ids) => void stored.push(...ids),
    onFault: (fault) => void faults.push(fault),
  });
  return { log, stored, faults };
}

const inserted = (records: readonly EventRecord[]) => records.map((): InsertOutcome => ({ kind: 'inserted' }));

describe('createEventLog', () => {
  it('tells which event stands for each, and hands only the new ones on', async () => {
    const { log, stored } = setUp(async () => [{ kind: 'inserted' }, { kind: 'duplicate', existingId: 'evt_0' }]);
    expect(await log.record([event('evt_1'), event('evt_2')])).toEqual(['evt_1', 'evt_0']);
    expect(stored).toEqual(['evt_1']);
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
