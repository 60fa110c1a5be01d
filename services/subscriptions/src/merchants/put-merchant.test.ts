import type { MerchantRecord, MerchantRepository } from '@owngateway/store';
import type { Caller } from '../access/caller.ts';
import { putMerchant } from './put-merchant.ts';

const AT = new Date('2026-11-21T10:00:00.000Z');
const STORED: MerchantRecord = {
  _id: 'm_1',
  name: 'Shop',
  portfolio_id: null,
  reseller_id: 'r_old',
  created_at: AT,
  updated_at: AT,
  changed_at: AT,
};

/** A merchant that an operator moves to another reseller right after it was read. */
function movedOnceRead() {
  let stored = STORED;
  const merchants = {
    async get() {
      const read = stored;
      stored = { ...stored, reseller_id: 'r_new' };
      return read;
    },
    async put(merchant: Parameters<MerchantRepository['put']>[0]) {
      stored = { ...stored, ...merchant };
      return { merchant: stored, created: false };
    },
    async rename({ name, reseller_id }: Parameters<MerchantRepository['rename']>[0]) {
      if (reseller_id !== stored.reseller_id) return null;
      stored = { ...stored, name };
      return stored;
    },
  } as unknown as MerchantRepository;
  return { merchants, stored: () => stored };
}

test('a reseller that renames a merchant does not undo the move by which it loses it', async () => {
  const { merchants, stored } = movedOnceRead();
  const recorded: unknown[] = [];
  const put = putMerchant({ merchants, trail: { record: async (_caller, change) => void recorded.push(change) } });
  const caller = { scope: { level: 'reseller', id: 'r_old', merchantIds: ['m_1'] } } as unknown as Caller;
  const outcome = await put(caller, 'm_1', { name: 'Renamed' });
  expect(stored()).toMatchObject({ name: 'Shop', reseller_id: 'r_new' });
  expect(outcome).toEqual({ kind: 'conflict' });
  expect(recorded).toEqual([]);
});
