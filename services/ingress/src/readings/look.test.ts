import type { Connector, Enrichment, NotificationItem, Outside } from '@owngateway/connectors';
import type { ConnectorAccountRecord } from '@owngateway/store';
import { lookAt } from './look.ts';

const raw = { method: 'POST', headers: {}, query: '', body: Buffer.from('id=tr_1'), url: '' };
const outside: Outside = { get: async () => ({ kind: 'unanswered', detail: 'none' }) };
const item = (key: string, reason: NotificationItem['reason'] = 'unmapped'): NotificationItem => ({
  key,
  connectorType: 'payment',
  event: null,
  reason,
});
const named = item('tr_1', 'unresolved');

function look(
  items: NotificationItem[] | null,
  enrich?: () => Promise<Enrichment>,
  account: Partial<ConnectorAccountRecord> = {},
) {
  const connector = {
    parse: () => (items === null ? { ok: false, detail: 'no form' } : { ok: true, items }),
    enrich,
  } as unknown as Connector;
  return lookAt(raw, { credentials: [{}], settings: {}, ...account } as ConnectorAccountRecord, connector, outside);
}

describe('lookAt', () => {
  it('reads what needs no fetching, and says what cannot be read', async () => {
    const never = () => Promise.reject(new Error('asked'));
    expect(await look([item('a')], never)).toEqual({ kind: 'read', facts: [item('a')] });
    expect(await look([named])).toEqual({ kind: 'read', facts: [named] });
    expect(await look(null, never)).toEqual({ kind: 'unreadable', detail: 'no form' });
  });

  it('puts what was fetched in the place of what was only named', async () => {
    const enrich = async (): Promise<Enrichment> => ({ kind: 'resolved', items: [item('tr_1:paid')] });
    expect(await look([item('a'), named], enrich)).toEqual({ kind: 'read', facts: [item('a'), item('tr_1:paid')] });
  });

  it('says why it brought nothing', async () => {
    const notYet = async (): Promise<Enrichment> => ({ kind: 'not_yet', detail: 'HTTP 429', retryAfter: '9' });
    const gone = async (): Promise<Enrichment> => ({ kind: 'gone', detail: 'HTTP 404' });
    const still = async (): Promise<Enrichment> => ({ kind: 'resolved', items: [named] });
    const vain = { kind: 'vain', facts: [named], isGone: false, retryAfter: null };
    expect(await look([named], notYet)).toEqual({ ...vain, detail: 'HTTP 429', retryAfter: '9' });
    expect(await look([named], gone)).toEqual({ ...vain, detail: 'HTTP 404', isGone: true });
    const partly = async (): Promise<Enrichment> => ({ kind: 'resolved', items: [item('tr_1:paid'), named] });
    expect(await look([named], still)).toMatchObject({ kind: 'vain', isGone: false });
    expect(await look([named], partly)).toMatchObject({ kind: 'vain', isGone: false });
    expect(await look([named], gone, { unreadable: ['credentials'], credentials: [] })).toMatchObject({
      kind: 'vain',
      isGone: false,
    });
  });

  it('waits for a connector only so long', async () => {
    jest.useFakeTimers();
    try {
      const looked = look([named], () => new Promise(() => undefined));
      await jest.advanceTimersByTimeAsync(15_000);
      expect(await looked).toMatchObject({ kind: 'vain', detail: 'the API takes too long' });
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });
});
