import type { Connector, NotificationItem, ParsedNotification } from '@owngateway/connectors';
import type { NormalisedEvent } from '@owngateway/domain';
import type { ConnectorAccountRecord } from '@owngateway/store';
import { type GenuineNotification, readNotification } from './read-notification.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const DATABASE_NOW = new Date('2026-11-21T12:00:01Z');

const event: NormalisedEvent = {
  type: 'payment_succeeded',
  origin: 'processor',
  occurredAt: new Date('2026-11-21T11:59:00Z'),
  objectType: 'payment',
  object: {
    connector_reference: 'pi_1',
    payment_reference: 'pi_1',
    merchant_reference: 'A-17',
    amount_minor: 2000,
    currency: 'USD',
    status: 'succeeded',
    detail: null,
    customer: null,
    metadata: {},
  },
  previous: null,
};

const fact = (key: string, raised: NormalisedEvent | null = event): NotificationItem => ({
  key,
  connectorType: 'paid',
  event: raised,
  reason: raised === null ? 'unmapped' : null,
});

interface Given {
  isProven?: boolean;
  enrich?: Connector['enrich'];
  include_source?: boolean;
  environment?: 'sandbox' | 'production';
}

function read(
  parsed: ParsedNotification,
  signedAt: Date | null = null,
  { isProven = true, enrich, include_source, environment = 'sandbox' }: Given = {},
) {
  let ids = 0;
  const notification: GenuineNotification = {
    id: 'ntf_1',
    raw: { method: 'POST', headers: {}, query: '', body: Buffer.alloc(0), url: '' },
    account: {
      _id: 'acct_1',
      merchant_id: 'm_1',
      connector: 'stripe',
      name: 'stripe-eu',
      include_source,
    } as ConnectorAccountRecord,
    connector: { parse: () => parsed, enrich } as unknown as Connector,
    signedAt,
    isProven,
    receivedAt: NOW,
    readAt: NOW,
  };
  return readNotification(notification, {
    environment,
    dedupeDays: 180,
    newId: (prefix) => `${prefix}_${++ids}`,
    databaseNow: () => DATABASE_NOW,
  });
}

const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000);

describe('readNotification', () => {
  it('raises nothing in production from what is of the vendor’s test mode, and says so; everything in the sandbox', () => {
    const parsed: ParsedNotification = { ok: true, items: [{ ...fact('a'), isTest: true }, fact('b')] };
    const { verdict, events, items } = read(parsed, null, { environment: 'production' });
    expect([verdict, events.map(({ dedupe_key }) => dedupe_key)]).toEqual(['accepted', ['acct_1:b']]);
    expect(items.map(({ reason }) => reason)).toEqual(['test_mode', null]);
    expect(read(parsed).events).toHaveLength(2);
    const only: ParsedNotification = { ok: true, items: [{ ...fact('a', null), isTest: true }] };
    expect(read(only, null, { environment: 'production' }).items[0]?.reason).toBe('unmapped');
  });

  it('makes an event of each mapped fact', () => {
    const { verdict, events, items } = read({ ok: true, items: [fact('a'), fact('b', null)] });
    expect(verdict).toBe('accepted');
    expect(events).toEqual([
      {
        _id: 'evt_1',
        merchant_id: 'm_1',
        dedupe_key: 'acct_1:a',
        type: 'payment_succeeded',
        origin: 'processor',
        object_type: 'payment',
        connector: 'stripe',
        connector_account_id: 'acct_1',
        notification_id: 'ntf_1',
        references: ['pi_1', 'A-17'],
        occurred_at: event.occurredAt,
        created_at: NOW,
        body: expect.stringMatching(/^\{"id":"evt_1","type":"payment_succeeded",/),
        awaiting_fan_out_since: DATABASE_NOW,
      },
    ]);
    expect(items.map(({ dedupe_key, event_id, reason }) => [dedupe_key, event_id, reason])).toEqual([
      ['acct_1:a', 'evt_1', null],
      ['acct_1:b', null, 'unmapped'],
    ]);
  });

  it('makes one event of a fact that a batch says twice', () => {
    const { events, items } = read({ ok: true, items: [fact('a'), fact('a'), fact('b')] });
    expect(events.map(({ dedupe_key }) => dedupe_key)).toEqual(['acct_1:a', 'acct_1:b']);
    expect(items.map(({ event_id }) => event_id)).toEqual(['evt_1', 'evt_1', 'evt_2']);
  });

  it('raises nothing of what was signed before the dedupe keys that are kept (rule 2)', () => {
    const { verdict, events, items } = read({ ok: true, items: [fact('a'), fact('b', null)] }, daysAgo(180.001));
    expect([verdict, events]).toEqual(['too_old', []]);
    expect(items.map(({ reason }) => reason)).toEqual(['stale', 'unmapped']);
    expect(read({ ok: true, items: [fact('a')] }, daysAgo(180)).verdict).toBe('accepted');
  });

  it('raises nothing of a past that a thing told when it was looked up, which keys no longer remember (rule 2)', () => {
    const enrich: Connector['enrich'] = () => Promise.reject(new Error('not now'));
    const past = fact('a', { ...event, occurredAt: daysAgo(180.001) });
    const parsed: ParsedNotification = { ok: true, items: [past, fact('b', { ...event, occurredAt: daysAgo(180) })] };
    const { events, items } = read(parsed, null, { enrich });
    expect(events.map(({ dedupe_key }) => dedupe_key)).toEqual(['acct_1:b']);
    expect(items.map(({ reason }) => reason)).toEqual(['stale', null]);
    // A notification that says itself what happened says it once.
    expect(read(parsed).events).toHaveLength(2);
  });

  it('waits for what must be fetched, and raises the rest meanwhile', () => {
    const named: NotificationItem = { key: 'n', connectorType: 'payment', event: null, reason: 'unresolved' };
    const parsed: ParsedNotification = { ok: true, items: [fact('a'), named] };
    const enrich: Connector['enrich'] = () => Promise.reject(new Error('not now'));
    const { verdict, events, items } = read(parsed, null, { enrich });
    expect([verdict, events.length, items[1]?.reason]).toEqual(['received_unresolved', 1, 'unresolved']);
    // Nobody could fetch it.
    expect(read(parsed).verdict).toBe('unresolved');
  });

  it('raises nothing of what anybody may have sent', () => {
    const { verdict, events, items } = read({ ok: true, items: [fact('a')] }, null, { isProven: false });
    expect([verdict, events, items[0]?.reason]).toEqual(['ignored', [], 'unsupported']);
  });

  it("tells the vendor's own object when the account asks for it", () => {
    const parsed: ParsedNotification = { ok: true, items: [fact('a', { ...event, source: { id: 'pi_1' } })] };
    const dataOf = ({ events }: ReturnType<typeof read>) => JSON.parse(events[0]?.body ?? '').data;
    expect(dataOf(read(parsed, null, { include_source: true })).source).toEqual({ id: 'pi_1' });
    expect(dataOf(read(parsed))).not.toHaveProperty('source');
  });

  it('says when there was nothing to raise, or nothing to read', () => {
    expect(read({ ok: true, items: [fact('a', null)] })).toMatchObject({ verdict: 'ignored', events: [] });
    expect(read({ ok: true, items: [] })).toEqual({ verdict: 'ignored', events: [], items: [] });
    expect(read({ ok: false, detail: 'no JSON' })).toEqual({
      verdict: 'unreadable',
      events: [],
      items: [],
      detail: 'no JSON',
    });
  });
});
