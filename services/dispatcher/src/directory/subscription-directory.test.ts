import { ownerKeyOf } from '@owngateway/domain';
import type { MerchantRecord, SubscriptionRecord } from '@owngateway/store';
import { NOW, NOW_MS } from '../../tests/support/fakes.ts';
import { aSubscription } from '../../tests/support/records.ts';
import { createSubscriptionDirectory } from './subscription-directory.ts';

function aRecord(_id: string, fields: Partial<SubscriptionRecord> = {}): SubscriptionRecord {
  const owner = fields.owner ?? { level: 'merchant', id: 'm_1' };
  return {
    ...aSubscription({ url: 'https://shop.example/hooks' }),
    _id,
    owner,
    owner_key: ownerKeyOf(owner),
    failing_since: null,
    enabled_at: null,
    changed_at: NOW,
    version: 1,
    deleted_at: null,
    ...fields,
  };
}

function setUp() {
  const changes: SubscriptionRecord[] = [];
  const merchants: MerchantRecord[] = [];
  const asked: (Date | null)[] = [];
  const unusable: string[] = [];
  let nowMs = NOW_MS;
  const sources = {
    subscriptions: {
      changedSince: async (since: Date | null) => {
        asked.push(since);
        return changes.splice(0);
      },
    },
    merchants: { changedSince: async () => merchants.splice(0) },
    clock: { now: () => new Date(nowMs) },
    onUnusable: (id: string) => void unusable.push(id),
  };
  const directory = createSubscriptionDirectory(sources);
  const matching = () => directory.matching('m_1', 'payment_succeeded').map(({ id }) => id);
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { directory, sources, changes, merchants, asked, unusable, matching, pass };
}

describe('the directory of subscriptions', () => {
  it('reads everything once, then what changed since shortly before its last look', async () => {
    const { directory, changes, asked, matching, pass } = setUp();
    changes.push(aRecord('sub_1'));
    await directory.refresh();
    pass(60_000);
    changes.push(aRecord('sub_2'));
    await directory.refresh();
    expect(matching()).toEqual(['sub_1', 'sub_2']);
    expect(asked).toEqual([null, new Date(NOW_MS - 15_000)]);
  });

  it('begins again where it was when a look fails', async () => {
    const { directory, sources, changes, asked, matching, pass } = setUp();
    await directory.refresh();
    const { changedSince } = sources.subscriptions;
    sources.subscriptions.changedSince = () => Promise.reject(new Error('away'));
    pass(60_000);
    await expect(directory.refresh()).rejects.toThrow('away');
    sources.subscriptions.changedSince = changedSince;
    changes.push(aRecord('sub_1'));
    await directory.refresh();
    expect(asked).toEqual([null, new Date(NOW_MS - 15_000)]);
    expect(matching()).toEqual(['sub_1']);
  });

  it('forgets what was deleted, and takes changes', async () => {
    const { directory, changes, matching } = setUp();
    changes.push(aRecord('sub_1'), aRecord('sub_2'));
    await directory.refresh();
    changes.push(
      aRecord('sub_1', { version: 2, deleted_at: NOW }),
      aRecord('sub_2', { version: 2, status: 'disabled' }),
    );
    await directory.refresh();
    expect(matching()).toEqual(['sub_2']);
    expect(directory.find('sub_1')).toBeUndefined();
    expect(directory.find('sub_2')).toMatchObject({ enabled: false });
  });

  it('leaves out one that cannot be used, says so, and keeps the others', async () => {
    const { directory, changes, unusable, matching } = setUp();
    changes.push(aRecord('sub_bad', { signing: { scheme: 'hmac-sha256', secrets: [] } }), aRecord('sub_1'));
    await directory.refresh();
    expect(unusable).toEqual(['sub_bad']);
    expect(matching()).toEqual(['sub_1']);
    expect(directory.isUnusable('sub_bad')).toBe(true);
    changes.push(aRecord('sub_bad', { version: 2 }));
    await directory.refresh();
    expect(directory.isUnusable('sub_bad')).toBe(false);
    expect(matching()).toEqual(expect.arrayContaining(['sub_1', 'sub_bad']));
  });

  it('finds those of the portfolio and the reseller above a merchant, as it stands now', async () => {
    const { directory, changes, merchants, matching } = setUp();
    changes.push(
      aRecord('sub_own'),
      aRecord('sub_portfolio', { owner: { level: 'portfolio', id: 'p_1' } }),
      aRecord('sub_reseller', { owner: { level: 'reseller', id: 'r_1' } }),
      aRecord('sub_other', { owner: { level: 'merchant', id: 'm_2' } }),
    );
    const merchant = { _id: 'm_1', name: 'Shop', created_at: NOW, updated_at: NOW, changed_at: NOW };
    merchants.push({ ...merchant, portfolio_id: 'p_1', reseller_id: 'r_1' });
    await directory.refresh();
    expect(matching()).toEqual(['sub_own', 'sub_portfolio', 'sub_reseller']);
    merchants.push({ ...merchant, portfolio_id: null, reseller_id: 'r_1' });
    await directory.refresh();
    expect(matching()).toEqual(['sub_own', 'sub_reseller']);
  });
});
