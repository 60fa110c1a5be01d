import type { ApiClient } from './support/api-client.ts';
import { aSubscriptionBody } from './support/bodies.ts';
import { type RunningApi, startApi } from './support/running-api.ts';

/** Literal addresses and reserved names only: no test may ask the name system about anybody. */
const NEVER_ADMITTED = [
  ['https://10.0.0.1/', 'address_not_allowed'],
  ['https://192.168.1.1/', 'address_not_allowed'],
  ['https://169.254.169.254/latest/meta-data', 'address_not_allowed'],
  ['https://[fd00:ec2::254]/', 'address_not_allowed'],
  ['https://0x0a000001/', 'address_not_allowed'],
  ['https://user:pass@203.0.113.9/', 'credentials_not_allowed'],
  ['https://8.8.8.8/#part', 'fragment_not_allowed'],
  ['https://8.8.8.8:22/', 'port_not_allowed'],
  ['https://metadata.google.internal/', 'host_not_allowed'],
  ['ftp://8.8.8.8/', 'scheme_not_allowed'],
  ['not a URL', 'invalid_url'],
] as const;

async function refusalOf(client: ApiClient, url: string): Promise<string | undefined> {
  const { status, body } = await client.post('/v1/subscriptions', aSubscriptionBody({ url }));
  if (status === 201) return undefined;
  expect(status).toBe(422);
  const [fault] = body.errors as unknown as { field: string; code: string }[];
  expect(fault?.field).toBe('url');
  return fault?.code;
}

describe('in production', () => {
  let api: RunningApi;
  let merchant: ApiClient;
  beforeAll(async () => {
    api = await startApi({ ENVIRONMENT: 'production' });
    merchant = await api.merchant('m_url');
  });
  afterAll(() => api.stop());

  test.each(NEVER_ADMITTED)('%s is refused as %s', async (url, code) => {
    expect(await refusalOf(merchant, url)).toBe(code);
  });

  test('private ranges and http are refused even where the sandbox would admit them', async () => {
    expect(await refusalOf(merchant, 'https://127.0.0.1/')).toBe('address_not_allowed');
    expect(await refusalOf(merchant, 'http://8.8.8.8/')).toBe('scheme_not_allowed');
    expect(await refusalOf(merchant, 'https://localhost/')).toBe('host_not_allowed');
  });

  test('a public https address is admitted', async () => {
    expect(await refusalOf(merchant, 'https://8.8.8.8/receiver?a=b')).toBeUndefined();
  });

  test('the refusal of a scheme says what this environment takes', async () => {
    const sandbox = await startApi();
    const messageTo = async (client: ApiClient) => {
      const { body } = await client.post('/v1/subscriptions', aSubscriptionBody({ url: 'ftp://8.8.8.8/' }));
      return body.errors;
    };
    expect(await messageTo(merchant)).toMatchObject([{ field: 'url', message: 'must use https' }]);
    expect(await messageTo(await sandbox.merchant('m_url'))).toMatchObject([{ message: 'must use http or https' }]);
    await sandbox.stop();
  });

  test('a token of the sandbox is refused', async () => {
    const sandbox = await startApi();
    const { status } = await api.as({ level: 'operator', id: '*' }).get('/v1/events');
    expect(status).toBe(200);
    const response = await fetch(`${api.url}/v1/events`, {
      headers: { authorization: `Bearer ${sandbox.tokenFor({ level: 'operator', id: '*' })}` },
    });
    expect(response.status).toBe(401);
    await sandbox.stop();
  });
});

describe('in production with ALLOW_HTTP', () => {
  test('http is admitted (000.6), private addresses are not', async () => {
    const api = await startApi({ ENVIRONMENT: 'production', ALLOW_HTTP: 'true' });
    const merchant = await api.merchant('m_url');
    expect(await refusalOf(merchant, 'http://8.8.8.8/')).toBeUndefined();
    expect(await refusalOf(merchant, 'http://127.0.0.1/')).toBe('address_not_allowed');
    await api.stop();
  });
});

describe('in the sandbox', () => {
  let api: RunningApi;
  let merchant: ApiClient;
  beforeAll(async () => {
    api = await startApi();
    merchant = await api.merchant('m_url');
  });
  afterAll(() => api.stop());

  test('the operator’s named ranges are admitted on any port, over http', async () => {
    expect(await refusalOf(merchant, 'http://127.0.0.1:40123/')).toBeUndefined();
    expect(await refusalOf(merchant, 'http://localhost:40123/')).toBeUndefined();
  });

  test('other private ranges are not, and the answer names no address', async () => {
    expect(await refusalOf(merchant, 'http://10.0.0.1/')).toBe('address_not_allowed');
    const { body } = await merchant.post('/v1/subscriptions', aSubscriptionBody({ url: 'http://0x0a000001/' }));
    expect(JSON.stringify(body)).not.toMatch(/10\.0\.0\.1|0x0a000001/);
  });
});
