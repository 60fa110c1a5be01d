import type { Connector, Enrichment, NotificationItem, ParsedNotification } from '@owngateway/connectors';
import type { ConnectorAccountRecord, EventRecord, KeptNotification, NotificationReading } from '@owngateway/store';
import { paidEvent } from '../../tests/support/paid-event.ts';
import { knownConnectors } from '../connectors/known-connectors.ts';
import { createReadAgain } from './read-again.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const before = (ms: number) => new Date(NOW.getTime() - ms);

const kept = (more: Partial<KeptNotification> = {}): KeptNotification => ({
  _id: 'ntf_1',
  merchant_id: 'm_1',
  connector: 'mollie',
  connector_account_id: 'acct_1',
  received_at: before(60_000),
  signed_at: null,
  headers: { 'x-kept': ['1'] },
  query: 'a=1',
  body: Buffer.from('id=tr_1'),
  verdict: 'received_unresolved',
  items: [],
  round: 0,
  attempts_made: 0,
  due_at: before(1_000),
  detail: null,
  ...more,
});

const event = paidEvent(before(120_000));
const named: NotificationItem = { key: 'tr_1', connectorType: 'payment', event: null, reason: 'unresolved' };
const paid: NotificationItem = { key: 'tr_1:paid', connectorType: 'payment', event, reason: null };

interface Given {
  found?: KeptNotification | null;
  account?: Partial<ConnectorAccountRecord> | null;
  parsed?: ParsedNotification;
  enrich?: () => Promise<Enrichment>;
  /** Ids of events that stand for ours. */
  standing?: string[];
  isCurrent?: boolean;
  connector?: string;
}

async function read(given: Given = {}) {
  const { found = kept(), parsed = { ok: true, items: [named] }, isCurrent = true } = given;
  const settled: NotificationReading[] = [];
  const stored: EventRecord[] = [];
  const faults: string[] = [];
  const seen: unknown[] = [];
  const connector = {
    name: given.connector ?? 'mollie',
    parse: (raw: unknown) => {
      seen.push(raw);
      return parsed;
    },
    enrich: given.enrich,
  } as unknown as Connector;
  const account =
    given.account === null
      ? null
      : ({
          _id: 'acct_1',
          merchant_id: 'm_1',
          name: 'shop',
          connector: 'mollie',
          ...given.account,
        } as ConnectorAccountRecord);
  const outcome = await createReadAgain({
    environment: 'sandbox',
    dedupeDays: 180,
    newId: (prefix) => `${prefix}_new`,
    now: () => NOW,
    databaseNow: () => NOW,
    random: () => 0.5,
    notifications: {
      get: async () => found,
      settleReading: async (_id, _round, reading) => {
        settled.push(reading);
        return isCurrent;
      },
    },
    accounts: { get: async () => account },
    connectors: knownConnectors([connector]),
    eventLog: {
      async record(events) {
        stored.push(...events);
        return events.map(({ _id }, index) => given.standing?.[index] ?? _id);
      },
    },
    outside: { get: async () => ({ kind: 'unanswered', detail: 'none' }) },
    publicUrl: 'https://gateway.example',
    onFault: (id) => void faults.push(id),
  })('ntf_1', 0);
  return { outcome, settled, stored, faults, seen };
}

const resolved = async (): Promise<Enrichment> => ({ kind: 'resolved', items: [paid] });

describe('reading a notification again', () => {
  it('raises what was fetched, dated today, and settles it after that', async () => {
    const { outcome, settled, stored, seen } = await read({ enrich: resolved });
    expect(outcome).toEqual({ kind: 'ended', connector: 'mollie', how: 'read', newEvents: 1 });
    expect(stored).toMatchObject([
      { _id: 'evt_new', dedupe_key: 'acct_1:tr_1:paid', notification_id: 'ntf_1', created_at: NOW },
    ]);
    expect(settled).toEqual([
      {
        verdict: 'accepted',
        attempts_made: 0,
        detail: null,
        items: [expect.objectContaining({ dedupe_key: 'acct_1:tr_1:paid', event_id: 'evt_new' })],
      },
    ]);
    expect(seen).toEqual([
      {
        method: 'POST',
        headers: { 'x-kept': ['1'] },
        query: 'a=1',
        body: Buffer.from('id=tr_1'),
        url: 'https://gateway.example/webhooks/m_1/shop',
        receivedAt: before(60_000),
      },
    ]);
  });

  it('names the event that stands where it was raised before', async () => {
    const { outcome, settled } = await read({ enrich: resolved, standing: ['evt_old'] });
    expect(outcome).toMatchObject({ how: 'read', newEvents: 0 });
    expect(settled[0]?.items[0]?.event_id).toBe('evt_old');
  });

  it.each([
    ['is gone', null],
    ['has begun another round', kept({ round: 1 })],
    ['was read at once, and once', kept({ round: undefined as never })],
    ['has ended', kept({ due_at: undefined as never })],
  ])('does nothing for one that %s', async (_what, found) => {
    const { outcome, settled, stored } = await read({ found });
    expect([outcome, settled, stored]).toEqual([
      { kind: 'ended', connector: null, how: 'nothing_to_do', newEvents: 0 },
      [],
      [],
    ]);
  });

  it('waits until it is due', async () => {
    const at = new Date(NOW.getTime() + 5_000);
    const { outcome, settled } = await read({ found: kept({ due_at: at }) });
    expect([outcome, settled]).toEqual([{ kind: 'early', at }, []]);
  });

  it('looks again later after a vain look, and counts it', async () => {
    const enrich = async (): Promise<Enrichment> => ({ kind: 'not_yet', detail: 'x'.repeat(300), retryAfter: '60' });
    const { outcome, settled } = await read({ found: kept({ attempts_made: 2 }), enrich });
    const at = new Date(NOW.getTime() + 60_000);
    expect(outcome).toEqual({ kind: 'again', connector: 'mollie', at });
    expect(settled).toEqual([
      {
        verdict: 'received_unresolved',
        attempts_made: 3,
        detail: 'x'.repeat(200),
        due_at: at,
        items: [expect.objectContaining({ reason: 'unresolved' })],
      },
    ]);
  });

  it('gives up what the vendor does not know after a few looks, and anything after a day of them', async () => {
    const gone = async (): Promise<Enrichment> => ({ kind: 'gone', detail: 'HTTP 404' });
    const away = async (): Promise<Enrichment> => ({ kind: 'not_yet', detail: 'HTTP 503', retryAfter: null });
    for (const [attempts_made, enrich, detail] of [
      [4, gone, 'HTTP 404'],
      [30, away, 'HTTP 503'],
    ] as const) {
      const { outcome, settled } = await read({ found: kept({ attempts_made }), enrich });
      expect(outcome).toMatchObject({ kind: 'ended', how: 'given_up' });
      expect(settled[0]).toMatchObject({ verdict: 'unresolved', attempts_made: attempts_made + 1, detail });
      expect(settled[0]).not.toHaveProperty('due_at');
    }
    expect((await read({ found: kept({ attempts_made: 4 }), enrich: away })).outcome.kind).toBe('again');
  });

  it('tells of a connector that fails, and does not lose its notification for it', async () => {
    const { outcome, faults, settled } = await read({ enrich: () => Promise.reject(new TypeError('secret detail')) });
    expect([outcome.kind, faults]).toEqual(['again', ['ntf_1']]);
    expect(settled[0]).toMatchObject({ verdict: 'received_unresolved', detail: 'it could not be read' });
  });

  it('raises what is known of a batch although the rest cannot be fetched', async () => {
    const enrich = async (): Promise<Enrichment> => ({ kind: 'not_yet', detail: 'HTTP 503', retryAfter: null });
    const { stored, settled } = await read({ parsed: { ok: true, items: [paid, named] }, enrich });
    expect(stored).toHaveLength(1);
    expect(settled[0]?.items.map(({ event_id }) => event_id)).toEqual(['evt_new', null]);
  });

  it.each<[string, Given, string]>([
    ['its body is gone', { found: kept({ body: null }) }, 'the body is no longer kept'],
    ['its account was deleted', { account: null }, 'the connector account was deleted'],
    ['its connector is no longer served', { connector: 'other' }, 'the connector is no longer served'],
  ])('gives up when %s', async (_what, given, detail) => {
    const { outcome, settled } = await read(given);
    expect(outcome).toEqual({ kind: 'ended', connector: null, how: 'given_up', newEvents: 0 });
    expect(settled).toEqual([{ verdict: 'unresolved', items: [], attempts_made: 0, detail }]);
  });

  it('says what cannot be read today, and keeps what was raised', async () => {
    const unreadable: ParsedNotification = { ok: false, detail: 'no form' };
    expect((await read({ parsed: unreadable })).settled[0]).toMatchObject({
      verdict: 'unreadable',
      items: [],
      detail: 'no form',
    });
    const raised = {
      dedupe_key: 'acct_1:tr_1:paid',
      connector_type: 'payment',
      event_id: 'evt_old',
      event_type: 'payment_succeeded',
      reason: null,
    };
    const found = kept({ verdict: 'accepted', items: [raised] });
    expect((await read({ found, parsed: unreadable })).settled[0]).toMatchObject({
      verdict: 'accepted',
      items: [raised],
    });
  });

  it.each([
    ['100 days after it came, signed 100 days before that', 100, 200, 'accepted'],
    ['the day after it came, signed 181 days before that', 1, 182, 'too_old'],
  ])('judges its age as when it came: %s', async (_when, receivedDays, signedDays, verdict) => {
    const [received_at, signed_at] = [before(receivedDays * 86_400_000), before(signedDays * 86_400_000)];
    const { settled, stored } = await read({ found: kept({ received_at, signed_at }), enrich: resolved });
    expect(settled).toMatchObject([{ verdict }]);
    expect(stored).toHaveLength(verdict === 'accepted' ? 1 : 0);
  });

  it('leaves it to the round that has begun meanwhile', async () => {
    const { outcome } = await read({ enrich: resolved, isCurrent: false });
    expect(outcome).toMatchObject({ kind: 'ended', how: 'nothing_to_do', newEvents: 1 });
  });
});
