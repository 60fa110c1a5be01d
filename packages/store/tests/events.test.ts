import { newId } from '@owngateway/domain';
import { firstIdAt } from '../src/paging/id-range.ts';
import { aDelivered, aDelivery, anEvent } from './fixtures/records.ts';
import { FIRST_PAGE, MERCHANT_1, OPERATOR, useTestStore } from './fixtures/test-store.ts';

const context = useTestStore();

/** An id as if made at this moment. */
function eventIdAt(at: Date): string {
  return `${firstIdAt('evt', at)}${newId('evt').slice(16)}`;
}

describe('storing a group of events', () => {
  it('tells inserted from duplicate, by merchant and dedupe key and never by type', async () => {
    const first = anEvent();
    const again = anEvent({ dedupe_key: first.dedupe_key, type: 'payment_failed' });
    const elsewhere = anEvent({ dedupe_key: first.dedupe_key, merchant_id: 'm_2' });
    const ofNobody = anEvent({ dedupe_key: first.dedupe_key, merchant_id: null });
    expect(await context.store.events.insertMany([first, again, elsewhere, ofNobody])).toEqual([
      { kind: 'inserted' },
      { kind: 'duplicate', existingId: first._id },
      { kind: 'inserted' },
      { kind: 'inserted' },
    ]);
    expect(
      await context.store.events.insertMany([anEvent({ dedupe_key: first.dedupe_key, merchant_id: null })]),
    ).toEqual([{ kind: 'duplicate', existingId: ofNobody._id }]);
    expect(await context.store.events.get(OPERATOR, again._id)).toBeNull();
  });

  it('may be repeated with the same records after an answer was lost', async () => {
    const records = [anEvent(), anEvent()];
    await context.store.events.insertMany(records);
    const grown = [...records, anEvent()];
    expect(await context.store.events.insertMany(grown)).toEqual(grown.map(() => ({ kind: 'inserted' })));
  });

  it('rejects an id that another key has', async () => {
    const event = anEvent();
    await context.store.events.insertMany([event]);
    await expect(context.store.events.insertMany([{ ...event, dedupe_key: 'other' }])).rejects.toThrow('another key');
  });

  it('keeps the body byte for byte', async () => {
    const body = '{"a":1.0,"b":"\\u00e9é\u2028","n":9007199254740993}';
    const event = anEvent({ body });
    await context.store.events.insertMany([event]);
    expect(await context.store.events.loadForDelivery([event._id, 'evt_unknown'])).toEqual([
      {
        _id: event._id,
        merchant_id: 'm_1',
        type: event.type,
        body,
        references: event.references,
        created_at: event.created_at,
        awaiting_fan_out_since: event.awaiting_fan_out_since,
      },
    ]);
    expect(await context.store.events.get(MERCHANT_1, event._id)).toEqual(event);
  });

  it('needs no server for an empty group', async () => {
    expect(await context.store.events.insertMany([])).toEqual([]);
    expect(await context.store.events.loadForDelivery([])).toEqual([]);
  });
});

describe('the fan-out mark', () => {
  it('finds events that await fan-out, oldest first, until they are marked', async () => {
    const old = anEvent({ awaiting_fan_out_since: new Date('2020-01-01T00:00:00Z') });
    const older = anEvent({ awaiting_fan_out_since: new Date('2019-01-01T00:00:00Z') });
    await context.store.events.insertMany([old, older, anEvent()]);
    const query = { lane: 'events', olderThan: new Date('2020-06-01T00:00:00Z'), limit: 10 } as const;
    const found = [older, old].map(({ _id, merchant_id }) => ({ _id, merchant_id }));
    expect(await context.store.events.findAwaitingFanOut(query)).toEqual(found);
    expect(await context.store.events.findAwaitingFanOut({ ...query, limit: 1 })).toEqual(found.slice(0, 1));
    await context.store.events.markFannedOut([old._id, older._id]);
    await context.store.events.markFannedOut([old._id]);
    expect(await context.store.events.findAwaitingFanOut(query)).toEqual([]);
    expect(await context.store.events.get(OPERATOR, old._id)).not.toHaveProperty('awaiting_fan_out_since');
  });

  it('finds the events of the overflow lane apart, also those that were moved there', async () => {
    const since = new Date('2018-01-01T00:00:00Z');
    const { awaiting_fan_out_since: _none, ...overflowing } = anEvent({ awaiting_overflow_since: since });
    const moved = anEvent({ awaiting_fan_out_since: new Date('2018-02-01T00:00:00Z') });
    const done = anEvent({ awaiting_fan_out_since: since });
    await context.store.events.insertMany([overflowing, moved, done]);
    await context.store.events.markFannedOut([done._id]);
    await context.store.events.moveToOverflow([moved._id, done._id]);
    await context.store.events.moveToOverflow([moved._id]);
    const find = async (lane: 'events' | 'overflow') =>
      (await context.store.events.findAwaitingFanOut({ lane, olderThan: new Date('2018-06-01'), limit: 10 })).map(
        ({ _id }) => _id,
      );
    expect(await find('events')).toEqual([]);
    expect(await find('overflow')).toEqual([overflowing._id, moved._id]);
    await context.store.events.markFannedOut([overflowing._id, moved._id]);
    expect(await find('overflow')).toEqual([]);
  });
});

describe('lists of events', () => {
  const merchant_id = 'm_list';
  const scope = { level: 'merchant', id: merchant_id } as const;
  const days = [1, 2, 3, 4, 5].map((day) => new Date(`2025-03-0${day}T00:00:00Z`));
  const events = days.map((day, index) =>
    anEvent({
      _id: eventIdAt(day),
      merchant_id,
      type: index % 2 === 0 ? 'payment_succeeded' : 'payment_failed',
      connector: index === 0 ? 'adyen' : 'stripe',
      references: [`pi_list_${index}`, 'order-1'],
    }),
  );
  const newestFirst = events.map(({ _id }) => _id).reverse();
  beforeAll(() => context.store.events.insertMany(events));

  const idsOf = async (filter: Parameters<typeof context.store.events.list>[1]) =>
    (await context.store.events.list(scope, filter, FIRST_PAGE)).items.map(({ _id }) => _id);

  it('come newest first, page by page, without gaps or repeats', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page = await context.store.events.list(scope, {}, { limit: 2, after });
      seen.push(...page.items.map(({ _id }) => _id));
      after = page.next;
    } while (after !== null);
    expect(seen).toEqual(newestFirst);
  });

  it('filter by type, connector, reference and time', async () => {
    expect(await idsOf({ type: 'payment_failed' })).toEqual([newestFirst[1], newestFirst[3]]);
    expect(await idsOf({ connector: 'adyen' })).toEqual([newestFirst[4]]);
    expect(await idsOf({ objectReference: 'pi_list_2' })).toEqual([newestFirst[2]]);
    expect(await idsOf({ objectReference: 'order-1' })).toEqual(newestFirst);
    expect(await idsOf({ since: days[1] as Date, until: days[3] as Date })).toEqual([newestFirst[2], newestFirst[3]]);
    expect(await idsOf({ merchantId: 'm_1' })).toEqual([]);
    expect(await idsOf({ merchantId: merchant_id })).toEqual(newestFirst);
  });

  it('refuse a page that is too large or too small', async () => {
    for (const limit of [0, 101, 1.5]) {
      await expect(context.store.events.list(scope, {}, { limit, after: null })).rejects.toThrow(RangeError);
    }
  });
});

describe('retention', () => {
  const old = new Date('2001-01-01T00:00:00Z');
  const limits = { bodiesBefore: new Date('2002-01-01T00:00:00Z'), skeletonsBefore: new Date('2000-01-01T00:00:00Z') };
  const bodyOf = async (id: string) => (await context.store.events.get(OPERATOR, id))?.body;

  async function expireAll(changed: Partial<typeof limits> = {}): Promise<number> {
    for (let taken = 0; ; ) {
      const step = await context.store.events.expire({ ...limits, ...changed, limit: 2 });
      taken += step.bodies;
      if (step.examined === 0 && step.skeletons === 0) return taken;
    }
  }

  it('takes bodies once all deliveries have ended long enough ago, keeps the key, and later takes all', async () => {
    const anOldEvent = () => anEvent({ _id: eventIdAt(old) });
    const [free, delivered, waiting, lately, neverSent] = [
      anOldEvent(),
      anOldEvent(),
      anOldEvent(),
      anOldEvent(),
      anOldEvent(),
    ];
    const { awaiting_fan_out_since: _none, ...overflowing } = anEvent({
      _id: eventIdAt(old),
      awaiting_overflow_since: old,
    });
    await context.store.events.insertMany([free, delivered, waiting, lately, neverSent, overflowing]);
    await context.store.events.markFannedOut([free, delivered, waiting, lately].map(({ _id }) => _id));
    await context.store.deliveries.insertMany([
      aDelivered({ event_id: delivered._id, completed_at: old }),
      aDelivery({ event_id: waiting._id, status: 'held' }),
      aDelivered({ event_id: lately._id, completed_at: new Date('2002-02-01T00:00:00Z') }),
    ]);
    expect(await expireAll()).toBe(2);
    expect(await bodyOf(free._id)).toBeNull();
    expect(await bodyOf(delivered._id)).toBeNull();
    expect(await bodyOf(waiting._id)).toBe(waiting.body);
    expect(await bodyOf(lately._id)).toBe(lately.body);

    // The skeleton still tells a duplicate (rule 2).
    expect(await context.store.events.insertMany([anEvent({ dedupe_key: free.dedupe_key })])).toEqual([
      { kind: 'duplicate', existingId: free._id },
    ]);

    // Much later the kept one is looked at again, by its mark.
    await context.collection('events').updateOne({ _id: lately._id }, { $set: { body_kept_since: old } });
    await expireAll({ bodiesBefore: new Date('2002-03-01T00:00:00Z') });
    expect(await bodyOf(lately._id)).toBeNull();
    expect(await bodyOf(waiting._id)).toBe(waiting.body);

    await expireAll({ skeletonsBefore: new Date('2003-01-01T00:00:00Z') });
    expect(await context.store.events.get(OPERATOR, free._id)).toBeNull();
    // Held, or never fanned out because no dispatcher ran: nobody's event is lost to its age.
    expect(await bodyOf(waiting._id)).toBe(waiting.body);
    expect(await bodyOf(neverSent._id)).toBe(neverSent.body);
    expect(await bodyOf(overflowing._id)).toBe(overflowing.body);
  });
});
