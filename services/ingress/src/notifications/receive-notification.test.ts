import type { Connector, NotificationItem, RawNotification } from '@owngateway/connectors';
import type { NotificationToEnqueue } from '@owngateway/queue';
import type { ConnectorAccountRecord, NotificationRecord } from '@owngateway/store';
import { paidEvent } from '../../tests/support/paid-event.ts';
import { createLookLimit } from './look-limit.ts';
import { createReceiveNotification } from './receive-notification.ts';
import { createRepeats } from './repeats.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const BURST = 10;

const paid = paidEvent(NOW);

/** A connector whose notifications are lists of keys, with this about each; and an account for each merchant. */
function setUp(said: Pick<NotificationItem, 'event' | 'reason'>, { isProven = true } = {}) {
  const connector = {
    name: 'mollie',
    acknowledgement: { status: 200, contentType: null, body: '' },
    enrich: async () => ({ kind: 'resolved', items: [] }),
    parse: ({ body }: RawNotification) => ({
      ok: true,
      items: `${body}`.split(',').map((key) => ({ key, connectorType: 'payment', ...said })),
    }),
  } as unknown as Connector;
  const recorded: NotificationRecord[] = [];
  const named: NotificationToEnqueue[] = [];
  const ids = new Map<string, string>();
  let made = 0;
  const clock = () => 0;
  const receive = createReceiveNotification({
    environment: 'sandbox',
    dedupeDays: 180,
    newId: (prefix) => {
      made += 1;
      return `${prefix}_${made}`;
    },
    now: () => NOW,
    databaseNow: () => NOW,
    verifySender: async ({ merchantId }) => {
      const account = { _id: `acct_${merchantId}`, merchant_id: merchantId, connector: 'mollie', settings: {} };
      return {
        kind: 'genuine',
        account: account as unknown as ConnectorAccountRecord,
        connector,
        signedAt: null,
        isProven,
      };
    },
    looks: createLookLimit(BURST / 10, clock),
    eventLog: {
      record: async (events) =>
        events.map(({ _id, dedupe_key }) => {
          const standing = ids.get(dedupe_key) ?? _id;
          ids.set(dedupe_key, standing);
          return standing;
        }),
    },
    notificationLog: { record: async (notification) => void recorded.push(notification) },
    repeats: createRepeats(clock),
    onUnresolved: (notification) => void named.push(notification),
  });
  const send = (merchantId: string, body: string) =>
    receive(
      { merchantId, name: 'shop' },
      { method: 'POST', headers: {}, query: '', body: Buffer.from(body), url: 'https://gateway.example' },
    );
  const sendOften = async (merchantId: string, body: string, times: number) => {
    const kinds = [];
    for (let sent = 0; sent < times; sent += 1) {
      kinds.push((await send(merchantId, body)).kind);
    }
    return kinds;
  };
  return { send, sendOften, recorded, named };
}

describe('a signed notification that only names a thing', () => {
  it('is taken again only so often, which bounds no other notification and no other account', async () => {
    const { sendOften, recorded, named } = setUp({ event: null, reason: 'unresolved' });
    expect(await sendOften('m_1', 'first', BURST + 3)).toEqual([
      ...Array(BURST + 1).fill('acknowledged'),
      'too_many_looks',
      'too_many_looks',
    ]);
    expect(await sendOften('m_1', 'second', 1)).toEqual(['acknowledged']);
    expect(await sendOften('m_2', 'first', 2)).toEqual(['acknowledged', 'acknowledged']);
    expect(recorded).toHaveLength(BURST + 4);
    expect(named).toHaveLength(BURST + 4);
    expect(recorded[0]).toMatchObject({ verdict: 'received_unresolved', round: 0, attempts_made: 0, due_at: NOW });
  });
});

describe('a notification that anybody may have sent', () => {
  it('is taken only so often of one account, whatever it says', async () => {
    const { sendOften, recorded } = setUp({ event: null, reason: 'unresolved' }, { isProven: false });
    const kinds = [];
    for (let sent = 0; sent < BURST + 1; sent += 1) {
      kinds.push(...(await sendOften('m_1', `body ${sent}`, 1)));
    }
    expect(kinds).toEqual([...Array(BURST).fill('acknowledged'), 'too_many_looks']);
    expect(await sendOften('m_2', 'body 0', 1)).toEqual(['acknowledged']);
    expect(recorded).toHaveLength(BURST + 1);
  });
});

describe('a notification that raises nothing', () => {
  it('is recorded when it comes first, and some of its repeats are, for each account by itself', async () => {
    const { send, sendOften, recorded } = setUp({ event: null, reason: 'unmapped' });
    await sendOften('m_1', 'first', 1);
    expect(await sendOften('m_2', 'second', 30)).toEqual(Array(30).fill('acknowledged'));
    expect(recorded).toHaveLength(1 + 21);
    expect(await send('m_2', 'second')).toMatchObject({ verdict: 'repeated' });
    expect(await send('m_2', 'first')).toMatchObject({ verdict: 'ignored' });
    expect(recorded).toHaveLength(1 + 21 + 1);
  });
});

describe('a notification that raises events', () => {
  it('is recorded whenever one of them is new, however often the others came', async () => {
    const { send, sendOften, recorded } = setUp({ event: paid, reason: null });
    await sendOften('m_1', 'a', 40);
    expect(recorded).toHaveLength(1 + 20);
    expect(await send('m_1', 'a,b')).toMatchObject({ verdict: 'accepted', newEvents: 1 });
    expect(await send('m_1', 'c,a')).toMatchObject({ verdict: 'accepted', newEvents: 1 });
    expect(recorded.slice(21).map(({ items }) => items.map(({ event_id }) => event_id))).toEqual([
      [recorded[0]?.items[0]?.event_id, expect.any(String)],
      [expect.any(String), recorded[0]?.items[0]?.event_id],
    ]);
  });
});
