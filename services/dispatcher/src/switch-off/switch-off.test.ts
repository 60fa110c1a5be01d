import { sampleEnvelope } from '@owngateway/domain';
import type { AnnouncementDue, EventRecord } from '@owngateway/store';
import { aRecipient, NOW, now } from '../../tests/support/fakes.ts';
import { createAnnouncer } from './announcer.ts';
import { createSwitchOff } from './switch-off.ts';

function setUp() {
  const done: unknown[] = [];
  const stored: EventRecord[] = [];
  const world = { isMine: true, isOff: true, enqueueing: true, due: [] as AnnouncementDue[] };
  const announcer = createAnnouncer({
    subscriptions: {
      findAnnouncementsDue: async () => world.due,
      noteAnnounced: async (id, eventId) => void done.push(['noted', id, eventId]),
    },
    events: {
      async insertMany(records) {
        stored.push(...records);
        done.push('stored');
        return records.map(() => ({ kind: 'inserted' }));
      },
    },
    audit: { append: async ({ _id, action }) => void done.push(['audit', _id, action]) },
    producer: {
      async addEvents(ids) {
        if (!world.enqueueing) throw new Error('Redis is away');
        done.push(['enqueued', ...ids]);
      },
    },
    environment: 'production',
    now,
    onTrouble: (what) => void done.push(['trouble', what]),
  });
  const switchOff = createSwitchOff({
    subscriptions: {
      async disable(id, disabling) {
        done.push(['disable', id, disabling]);
        return world.isMine;
      },
    },
    deliveries: {
      async holdForSubscription(id) {
        done.push(['hold', id]);
        return 1;
      },
    },
    directory: { refresh: async () => undefined, find: () => aRecipient({ enabled: !world.isOff }) },
    announce: announcer.announce,
    newId: () => 'evt_1',
    now,
  });
  return { announcer, switchOff, done, stored, world };
}

const SINCE = new Date('2026-11-16T10:00:00.000Z');
const ENDPOINT = { url: 'https://shop.example/hooks', enabledAt: null };
const FAILING = { kind: 'failing', since: SINCE, afterFailingForS: 432_000 } as const;

describe('switching off', () => {
  it('disables before it holds, so that nothing slips in between, and then tells', async () => {
    const { switchOff, done } = setUp();
    await switchOff(aRecipient(), { kind: 'gone' });
    const announcement = { event_id: 'evt_1', at: NOW, disabled_for: 'gone', failing_since: null };
    expect(done).toEqual([
      ['disable', 'sub_1', { reason: 'The endpoint answered 410 Gone.', announcement, endpoint: ENDPOINT }],
      ['hold', 'sub_1'],
      'stored',
      ['audit', 'aud_1', 'subscription.disable'],
      ['noted', 'sub_1', 'evt_1'],
      ['enqueued', 'evt_1'],
    ]);
  });

  it('for failing asks that it still fails, and says since when', async () => {
    const { switchOff, done } = setUp();
    await switchOff(aRecipient(), FAILING);
    expect(done[0]).toMatchObject([
      'disable',
      'sub_1',
      {
        reason: 'No attempt has succeeded since 2026-11-16T10:00:00.000Z, for longer than auto_disable allows.',
        announcement: { failing_since: SINCE },
        provided: { failingSince: SINCE, afterFailingForS: 432_000 },
      },
    ]);
  });

  it('tells nothing when another process did it', async () => {
    const { switchOff, done, world } = setUp();
    world.isMine = false;
    await switchOff(aRecipient(), { kind: 'gone' });
    await switchOff(aRecipient(), FAILING);
    expect(done.map((one) => (one as unknown[])[0])).toEqual(['disable', 'hold', 'disable']);
  });

  it('leaves alone what has moved, or was enabled, since the attempt that met the 410 began', async () => {
    const { switchOff, done, world } = setUp();
    Object.assign(world, { isMine: false, isOff: false });
    await switchOff(aRecipient({ enabledAt: SINCE }), { kind: 'gone' });
    expect(done).toMatchObject([['disable', 'sub_1', { endpoint: { ...ENDPOINT, enabledAt: SINCE } }]]);
  });
});

describe('the event endpoint_disabled', () => {
  const due = (fields: Partial<AnnouncementDue> = {}): AnnouncementDue => ({
    _id: 'sub_1',
    owner: { level: 'merchant', id: 'm_1' },
    owner_key: 'merchant:m_1',
    announcement: { event_id: 'evt_1', at: NOW, disabled_for: 'failing', failing_since: SINCE },
    ...fields,
  });

  it('looks as the catalogue says, and awaits its fan-out', async () => {
    const { announcer, stored } = setUp();
    await announcer.announce(due());
    expect(stored).toMatchObject([
      { _id: 'evt_1', merchant_id: 'm_1', references: ['sub_1'], created_at: NOW, awaiting_fan_out_since: NOW },
    ]);
    expect(stored[0]).not.toHaveProperty('owner_key');
    const body = JSON.parse(String(stored[0]?.body));
    expect(Object.keys(body)).toEqual(Object.keys(sampleEnvelope('endpoint_disabled')));
    expect(body).toMatchObject({
      type: 'endpoint_disabled',
      environment: 'production',
      merchant_id: 'm_1',
      origin: 'system',
      data: {
        object_type: 'endpoint',
        object: {
          connector_reference: 'sub_1',
          status: 'disabled',
          detail: 'failing',
          metadata: { failing_since: SINCE.toISOString() },
        },
        previous: { status: 'enabled' },
      },
    });
  });

  it('names the owner where that is no merchant', async () => {
    const { announcer, stored } = setUp();
    await announcer.announce(due({ owner: { level: 'reseller', id: 'r_1' }, owner_key: 'reseller:r_1' }));
    expect(stored).toMatchObject([{ merchant_id: null, owner_key: 'reseller:r_1' }]);
    expect(JSON.parse(String(stored[0]?.body))).toMatchObject({
      merchant_id: null,
      owner: { level: 'reseller', id: 'r_1' },
    });
  });

  it('is the same to the byte when it is raised again after a crash', async () => {
    const { announcer, stored, world } = setUp();
    await announcer.announce(due());
    world.due = [due()];
    expect(await announcer.sweep()).toBe(1);
    expect(stored[1]).toEqual(stored[0]);
  });

  it('needs no Redis', async () => {
    const { announcer, done, world } = setUp();
    world.enqueueing = false;
    await announcer.announce(due());
    expect(done.slice(-2)).toEqual([
      ['noted', 'sub_1', 'evt_1'],
      ['trouble', 'enqueue'],
    ]);
  });
});
