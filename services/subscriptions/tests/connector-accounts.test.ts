import { INGRESS_URL, type RunningApi, startApi } from './support/running-api.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const SECRET = 'whsec_connectorSecret1';
const body = (merchant_id: string, fields: object = {}) => ({
  merchant_id,
  connector: 'stripe',
  credentials: [{ signing_secret: SECRET }],
  ...fields,
});

const OWN_SECRET = 'acme-shared-secret-1';
/** A provider of one's own. */
const ownDefinition = (signature: object = {}) => ({
  signature: { algorithm: 'hmac-sha256', header: 'X-Acme-Signature', ...signature },
  event_id: 'id',
  event_type: 'kind',
  mapping: [{ type: 'paid', event: 'payment_succeeded' }],
});
const ownBody = (merchant_id: string, fields: object = {}) => ({
  merchant_id,
  connector: 'acme-pay',
  credentials: [{ secret: OWN_SECRET }],
  settings: ownDefinition(),
  ...fields,
});

describe('GET /v1/connectors', () => {
  test('tells credential fields, mapping and guide of every connector', async () => {
    const list = await api.operator.get('/v1/connectors');
    expect(list.status).toBe(200);
    expect(list.body.next_cursor).toBeNull();
    const stripe = (list.body.data as unknown as { name: string }[]).find(({ name }) => name === 'stripe');
    expect(stripe).toMatchObject({
      title: 'Stripe',
      credential_schema: { type: 'object', required: ['signing_secret'] },
      settings_schema: { properties: { tolerance_s: { default: 300 } } },
      webhook_url_template: `${INGRESS_URL}/webhooks/{merchant_id}/stripe`,
      guide: expect.arrayContaining([expect.stringContaining('webhook URL')]),
      mappings: expect.arrayContaining([
        expect.objectContaining({ connector_type: 'payment_intent.succeeded', event_type: 'payment_succeeded' }),
      ]),
    });
    expect((await api.operator.get('/v1/connectors/stripe')).body).toEqual(stripe);
    expect((await api.operator.get('/v1/connectors/nobody')).status).toBe(404);
  });

  test('tells the definition of a preset, and what one of the generic connector may have', async () => {
    const paystack = await api.operator.get('/v1/connectors/paystack');
    expect(paystack.body).toMatchObject({
      credential_schema: { required: ['secret'] },
      settings_schema: { properties: {} },
      definition: { signature: { algorithm: 'hmac-sha512', header: 'x-paystack-signature' }, event_type: 'event' },
    });
    const generic = await api.operator.get('/v1/connectors/generic');
    expect(generic.body).toMatchObject({
      settings_schema: { required: ['signature', 'event_type', 'mapping'] },
      definition: null,
      mappings: [],
    });
  });
});

describe('/v1/connector-accounts', () => {
  test('answers with the exact URL to paste, and never with a credential', async () => {
    const merchant = await api.merchant('m_ca');
    const created = await merchant.post('/v1/connector-accounts', body('m_ca'));
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      id: expect.stringMatching(/^acct_/),
      merchant_id: 'm_ca',
      connector: 'stripe',
      name: 'stripe',
      webhook_url: `${INGRESS_URL}/webhooks/m_ca/stripe`,
      credentials_count: 1,
      settings: { tolerance_s: 300 },
      include_source: false,
      status: 'enabled',
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    const alone = await merchant.get(`/v1/connector-accounts/${created.body.id}`);
    const list = await merchant.get('/v1/connector-accounts?connector=stripe&merchant_id=m_ca');
    expect(alone.body).toEqual(created.body);
    expect(list.body.data).toEqual([created.body]);
    expect(JSON.stringify([created, alone, list])).not.toContain(SECRET);
    expect(await api.store.connectorAccounts.findByPath('m_ca', 'stripe')).toMatchObject({
      credentials: [{ signing_secret: SECRET }],
    });
  });

  test('takes a second account under another name, and refuses the same name', async () => {
    const merchant = await api.merchant('m_ca_two');
    await merchant.post('/v1/connector-accounts', body('m_ca_two'));
    const second = await merchant.post('/v1/connector-accounts', body('m_ca_two', { name: 'stripe-eu' }));
    expect(second.status).toBe(201);
    expect(second.body.webhook_url).toBe(`${INGRESS_URL}/webhooks/m_ca_two/stripe-eu`);
    const again = await merchant.post('/v1/connector-accounts', body('m_ca_two'));
    expect(again.status).toBe(409);
    const message = 'The merchant m_ca_two has a connector account named "stripe"; give this one another name.';
    expect(again.body).toMatchObject({
      type: '/errors/connector-account-name-taken',
      detail: message,
      errors: [{ field: 'name', code: 'taken', message }],
    });
  });

  test.each([
    [
      'a credential that the connector does not know',
      { credentials: [{ signing_secret: SECRET, extra: 1 }] },
      'credentials[0].extra',
    ],
    ['a credential of the wrong form', { credentials: [{ signing_secret: 'nope' }] }, 'credentials[0].signing_secret'],
    ['a missing credential field', { credentials: [{ signing_secret: SECRET }, {}] }, 'credentials[1].signing_secret'],
    ['no credential', { credentials: [] }, 'credentials'],
    ['an unknown setting', { settings: { tolerance: 1 } }, 'settings.tolerance'],
    ['an unknown connector', { connector: 'nobody' }, 'connector'],
    ['a name with capitals', { name: 'Stripe' }, 'name'],
    ['something else than yes or no', { include_source: 'yes' }, 'include_source'],
    ['an unknown field', { label: 'x' }, 'label'],
    ['a merchant that is not there', { merchant_id: 'm_nowhere' }, 'merchant_id'],
  ])('refuses %s and names it', async (_what, wrong, field) => {
    const merchant = await api.merchant('m_ca_wrong');
    const answer = await merchant.post('/v1/connector-accounts', body('m_ca_wrong', wrong));
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toEqual([expect.objectContaining({ field })]);
    expect(JSON.stringify(answer.body)).not.toContain(SECRET);
  });

  test('names every invalid field at once', async () => {
    const merchant = await api.merchant('m_ca_many');
    const wrong = { credentials: [{ signing_secret: 'a' }, { signing_secret: 'b' }], settings: { tolerance_s: 0 } };
    const { body: problem } = await merchant.post('/v1/connector-accounts', body('m_nowhere', wrong));
    expect((problem.errors as unknown as { field: string }[]).map(({ field }) => field)).toEqual([
      'merchant_id',
      'credentials[0].signing_secret',
      'credentials[1].signing_secret',
      'settings.tolerance_s',
    ]);
  });

  test('tells the vendor’s own object when it is asked to, and stops', async () => {
    const merchant = await api.merchant('m_ca_source');
    const { body: account } = await merchant.post(
      '/v1/connector-accounts',
      body('m_ca_source', { include_source: true }),
    );
    expect(account).toMatchObject({ include_source: true });
    const path = `/v1/connector-accounts/${account.id}`;
    expect((await merchant.patch(path, { include_source: false })).body).toMatchObject({ include_source: false });
    expect((await merchant.get(path)).body).toMatchObject({ include_source: false, credentials_count: 1 });
  });

  test('replaces credentials, settings and status, and nothing else', async () => {
    const merchant = await api.merchant('m_ca_patch');
    const { body: account } = await merchant.post('/v1/connector-accounts', body('m_ca_patch'));
    const path = `/v1/connector-accounts/${account.id}`;
    expect((await merchant.patch(path, {})).body).toEqual(account);
    const rotated = await merchant.patch(path, {
      credentials: [{ signing_secret: SECRET }, { signing_secret: 'whsec_theSecondOne' }],
    });
    expect(rotated.status).toBe(200);
    expect(rotated.body).toMatchObject({ credentials_count: 2, settings: { tolerance_s: 300 }, status: 'enabled' });
    expect((await merchant.patch(path, { status: 'disabled' })).body).toMatchObject({ status: 'disabled' });
    expect((await merchant.patch(path, { settings: { tolerance_s: 60 } })).body).toMatchObject({
      settings: { tolerance_s: 60 },
      credentials_count: 2,
      status: 'disabled',
    });
    const refused = await merchant.patch(path, { name: 'other', credentials: [{ signing_secret: 'x' }] });
    expect(refused.status).toBe(422);
    expect((await merchant.patch(path, { credentials: [{ signing_secret: 'x' }] })).body.errors).toMatchObject([
      { field: 'credentials[0].signing_secret' },
    ]);
  });

  test('takes a connector of a name of its own with its definition, and keeps what it says', async () => {
    const merchant = await api.merchant('m_ca_own');
    const created = await merchant.post('/v1/connector-accounts', ownBody('m_ca_own'));
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      connector: 'acme-pay',
      name: 'acme-pay',
      webhook_url: `${INGRESS_URL}/webhooks/m_ca_own/acme-pay`,
      settings: {
        signature: { header: 'x-acme-signature', encoding: 'hex', key_encoding: 'utf8', signed: '{body}' },
        acknowledgement: { status: 200 },
      },
    });
    const path = `/v1/connector-accounts/${created.body.id}`;
    const rotated = await merchant.patch(path, { credentials: [{ secret: OWN_SECRET }, { secret: `${OWN_SECRET}2` }] });
    expect(rotated.body).toMatchObject({ credentials_count: 2, settings: created.body.settings });
    const again = await merchant.patch(path, { settings: created.body.settings });
    expect(again.body.settings).toEqual(created.body.settings);
  });

  test('takes the definition of a preset under a name of its own', async () => {
    const { body: preset } = await api.operator.get('/v1/connectors/cashfree');
    const merchant = await api.merchant('m_ca_preset');
    const changed = { connector: 'cashfree-india', settings: preset.definition };
    expect((await merchant.post('/v1/connector-accounts', ownBody('m_ca_preset', changed))).status).toBe(201);
    const plain = { connector: 'cashfree', settings: undefined };
    expect((await merchant.post('/v1/connector-accounts', ownBody('m_ca_preset', plain))).status).toBe(201);
  });

  test.each([
    ['a definition under the name of a connector', { connector: 'stripe' }, ['connector']],
    ['a definition under the name of a preset', { connector: 'paystack' }, ['connector']],
    ['a name that is no part of a URL', { connector: 'Acme Pay' }, ['connector']],
    [
      'an unknown placeholder',
      { settings: ownDefinition({ signed: '{method}{body}' }) },
      ['settings.signature.signed'],
    ],
    ['an algorithm that is none', { settings: ownDefinition({ algorithm: 'none' }) }, ['settings.signature.algorithm']],
    [
      'a row of no event type',
      { settings: { ...ownDefinition(), mapping: [{ type: 'x', event: 'paid' }] } },
      ['settings.mapping[0].event'],
    ],
    ['an unknown field', { settings: { ...ownDefinition(), script: 'x' } }, ['settings.script']],
    [
      'a secret that is not encoded as the definition says',
      { settings: ownDefinition({ key_encoding: 'hex' }) },
      ['credentials[0].secret'],
    ],
  ])('refuses %s and names the fields', async (_what, wrong, fields) => {
    const merchant = await api.merchant('m_ca_own_wrong');
    const answer = await merchant.post('/v1/connector-accounts', ownBody('m_ca_own_wrong', wrong));
    expect(answer.status).toBe(422);
    expect(answer.body.type).toBe('/errors/validation');
    expect((answer.body.errors as unknown as { field: string }[]).map(({ field }) => field)).toEqual(fields);
    expect(JSON.stringify(answer.body)).not.toContain(OWN_SECRET);
  });

  test('deletes an account once', async () => {
    const merchant = await api.merchant('m_ca_del');
    const { body: account } = await merchant.post('/v1/connector-accounts', body('m_ca_del'));
    const path = `/v1/connector-accounts/${account.id}`;
    expect((await merchant.delete(path)).status).toBe(204);
    expect((await merchant.delete(path)).status).toBe(404);
    expect((await merchant.get(path)).status).toBe(404);
    expect(await api.store.connectorAccounts.findByPath('m_ca_del', 'stripe')).toBeNull();
  });
});
