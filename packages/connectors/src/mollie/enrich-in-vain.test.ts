import { openVendorDouble, type VendorDouble } from '../../tests/vendor-double.ts';
import type { MollieCredential } from './credentials.ts';
import { enrichFrom, itemsOf, KEY, ORDER, PAYMENT, SUBSCRIPTION } from './fixtures/looking-up.ts';
import { order, payment, subscription } from './fixtures/payloads.ts';

let api: VendorDouble;
beforeEach(async () => {
  api = await openVendorDouble();
});
afterEach(() => api.close());

const enrich = (body: string, credentials?: readonly MollieCredential[]) => enrichFrom(api, body, credentials);

describe('a look-up that comes to nothing', () => {
  it.each([404, 410])('says that nobody knows the thing (%d)', async (status) => {
    api.answer(PAYMENT, { status, body: '{"status":404,"title":"Not Found"}' });
    expect(await enrich('id=tr_5B8cwPMGnU')).toEqual({ kind: 'gone', detail: `HTTP ${status}` });
  });

  it.each([301, 400, 401, 403, 429, 500, 502, 503])(
    'is tried again after %d, and not before it may be',
    async (status) => {
      api.answer(PAYMENT, { status, headers: { 'retry-after': '120', location: 'http://127.0.0.1/' }, body: 'secret' });
      const notYet = { kind: 'not_yet', detail: `HTTP ${status}`, retryAfter: '120' };
      expect(await enrich('id=tr_5B8cwPMGnU')).toEqual(notYet);
      api.answer(PAYMENT, { status, body: '' });
      expect(await enrich('id=tr_5B8cwPMGnU')).toEqual({ ...notYet, retryAfter: null });
    },
  );

  it.each(['', 'null', '[]', '<html>', '{"id":"tr_5B8c', '7'])('is tried again after the answer %p', async (body) => {
    api.answer(PAYMENT, { status: 200, body });
    expect(await enrich('id=tr_5B8cwPMGnU')).toMatchObject({
      kind: 'not_yet',
      detail: 'HTTP 200 with something else than a JSON object',
    });
  });

  it.each([
    ['tr_5B8cwPMGnU', PAYMENT, payment('paid', { id: 'tr_other1' })],
    ['tr_5B8cwPMGnU', PAYMENT, {}],
    ['ord_pbjz8x', ORDER, { ...order([], []), id: 'ord_other' }],
    [
      'sub_rVKGtNd6s3',
      SUBSCRIPTION,
      { _embedded: { subscriptions: [{ ...subscription('active'), id: 'sub_other' }] } },
    ],
    ['sub_rVKGtNd6s3', SUBSCRIPTION, { _embedded: { subscriptions: [] } }],
    ['sub_rVKGtNd6s3', SUBSCRIPTION, subscription('active')],
  ])('raises nothing of another thing than %s', async (id, path, answer) => {
    api.holds(path, answer);
    expect(await enrich(`id=${id}`)).toEqual({
      kind: 'not_yet',
      detail: 'HTTP 200 about something else',
      retryAfter: null,
    });
  });

  it('is tried again when nobody answers', async () => {
    await api.close();
    expect(await enrich('id=tr_5B8cwPMGnU')).toEqual({
      kind: 'not_yet',
      detail: 'no answer: the connection was refused',
      retryAfter: null,
    });
  });

  it('waits for an API key', async () => {
    expect(await enrich('id=tr_5B8cwPMGnU', [{ signing_secret: 'some_secret' }])).toMatchObject({
      kind: 'not_yet',
      detail: 'no credential to ask the API with',
    });
  });
});

describe('several API keys', () => {
  const keys = [{ api_key: 'live_0123456789' }, { api_key: KEY }];

  it.each([404, 401])('are asked in turn until one knows the thing (%d before)', async (status) => {
    api.answer(PAYMENT, { status, body: '' }, 'live_0123456789');
    api.answer(PAYMENT, { status: 200, body: JSON.stringify(payment('paid')) }, KEY);
    expect(itemsOf(await enrich('id=tr_5B8cwPMGnU', keys))).toHaveLength(1);
    expect(api.asked).toHaveLength(2);
  });

  it.each([
    [404, 404, 'gone'],
    [404, 401, 'not_yet'],
    [401, 404, 'not_yet'],
  ])('say %d and %d: %s', async (first, second, kind) => {
    api.answer(PAYMENT, { status: first, body: '' }, 'live_0123456789');
    api.answer(PAYMENT, { status: second, body: '' }, KEY);
    expect(await enrich('id=tr_5B8cwPMGnU', keys)).toMatchObject({ kind });
  });
});
