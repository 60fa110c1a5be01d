import { type RunningApi, startApi } from './support/running-api.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const DOCUMENTED = [
  ...['payment_succeeded', 'payment_failed', 'payment_processing', 'action_required', 'refund_succeeded'],
  ...['refund_failed', 'dispute_opened', 'dispute_expired', 'dispute_accepted', 'dispute_cancelled'],
  ...['dispute_challenged', 'dispute_won', 'dispute_lost'],
];

describe('GET /v1/event-types', () => {
  test('lists the types of every source document, each with schema and sample (000.14, 001.4, 003.12)', async () => {
    const merchant = await api.merchant('m_types');
    const { status, body } = await merchant.get('/v1/event-types');
    expect(status).toBe(200);
    const data = body.data as unknown as {
      type: string;
      aliases: string[];
      schema: object;
      sample: { type: string };
    }[];
    expect(data.map(({ type }) => type)).toEqual(expect.arrayContaining(DOCUMENTED));
    expect(data.flatMap(({ aliases }) => aliases)).toEqual(
      expect.arrayContaining(['payment.completed', 'refund.initiated', 'customer.updated']),
    );
    for (const { type, schema, sample } of data) {
      expect(schema).toMatchObject({ type: 'object' });
      expect(sample.type).toBe(type);
    }
  });

  test('finds one by its name or an alias', async () => {
    const byName = await api.operator.get('/v1/event-types/payment_succeeded');
    const byAlias = await api.operator.get('/v1/event-types/payment.completed');
    expect(byName.body.type).toBe('payment_succeeded');
    expect(byAlias.body).toEqual(byName.body);
    expect((await api.operator.get('/v1/event-types/payment_vanished')).status).toBe(404);
  });
});

describe('GET /openapi.json', () => {
  test('describes every route, without a token', async () => {
    const response = await fetch(`${api.url}/openapi.json`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    const document = JSON.parse(await response.text());
    expect(document.openapi).toBe('3.1.0');
    for (const { method, path } of api.app.routes) {
      expect(document.paths[path.replace(/:(\w+)/g, '{$1}')][method]).toBeDefined();
    }
    const create = document.paths['/v1/subscriptions'].post;
    expect(create.requestBody.content['application/json'].schema.required).toEqual(
      expect.arrayContaining(['url', 'event_types']),
    );
    expect(create.responses['201'].content['application/json'].schema.properties.secret).toEqual({ type: 'string' });
  });
});
