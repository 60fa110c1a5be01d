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
    /** What stands in the store without the mark of a change. */
    byHand: [] as SubscriptionRecord[],
    subscriptions: {
      changedSince: async (since: Date | null) => {
        asked.push(since);
        return changes.splice(0);
      },
      findByIds: async (ids: readonly string[]): Promise<SubscriptionRecord[]> =>
        sources.byHand.filter(({ _id }) => ids.includes(_id)),
    },
    merchants: { changedSince: async () => merchants.splice(0) },
    clock: { now: () => new Date(nowMs) },
    onUnusable: (id: string) => void unusable.push(id),
    onMended: () => undefined,
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

  describe('with one that cannot be used', () => {
    const bad = (fields: Partial<SubscriptionRecord> = {}) =>
      aRecord('sub_bad', { signing: { scheme: 'hmac-sha256', secrets: [] }, event_types: ['payment_*'], ...fields });

    it('treats it as if it were disabled, says so once, and keeps the others', async () => {
      const { directory, changes, unusable, matching, pass } = setUp();
      changes.push(bad(), aRecord('sub_1'));
      await directory.refresh();
      pass(1_000);
      changes.push(bad());
      await directory.refresh();
      expect(unusable).toEqual(['sub_bad']);
      expect(directory.unusable()).toBe(1);
      expect(matching().sort()).toEqual(['sub_1', 'sub_bad']);
      expect(directory.find('sub_bad')).toMatchObject({ enabled: false });
      expect(directory.matching('m_1', 'refund_failed').map(({ id }) => id)).toEqual(['sub_1']);
    });

    it.each<[string, object]>([
      ['a URL that is none', { url: 'no url' }],
      ['a header that cannot be sent', { headers: { 'x-shop': 'a\r\nb' } }],
      ['an enum that means nothing', { success: 'maybe' }],
      ['secrets that no key opens', { unreadable: ['authentication'] }],
      ['types that are no list', { event_types: 'payment_*' }],
      ['a date that is none', { enabled_at: 'yesterday' }],
    ])('holds what it wants: %s', async (_name, fields) => {
      const { directory, changes, matching } = setUp();
      changes.push(aRecord('sub_bad', fields));
      await directory.refresh();
      expect(directory.isUnusable('sub_bad')).toBe(true);
      expect(matching()).toEqual(['sub_bad']);
      expect(directory.find('sub_bad')).toMatchObject({ enabled: false });
    });

    it('uses it again when it is changed, or within half a minute when it was mended without a trace', async () => {
      const { directory, sources, changes, pass } = setUp();
      const mended = jest.spyOn(sources, 'onMended');
      changes.push(bad());
      await directory.refresh();
      changes.push(aRecord('sub_bad', { version: 2 }));
      await directory.refresh();
      expect(directory.find('sub_bad')).toMatchObject({ enabled: true });
      changes.push(bad({ version: 3 }));
      await directory.refresh();
      sources.byHand.push(aRecord('sub_bad', { version: 3 }));
      pass(29_999);
      await directory.refresh();
      expect(directory.isUnusable('sub_bad')).toBe(true);
      pass(1);
      await directory.refresh();
      expect(directory.isUnusable('sub_bad')).toBe(false);
      expect(mended).toHaveBeenCalledTimes(2);
    });
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
