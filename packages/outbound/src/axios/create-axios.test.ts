import { AxiosError } from 'axios';
import type { OutboundClient, OutboundRequest, OutboundResult } from '../client/outbound-client.ts';
import { createAxios } from './create-axios.ts';

/** A client that answers as told and remembers what it was asked to send. */
function recordingClient(result: Partial<Extract<OutboundResult, { kind: 'response' }>> = {}) {
  const sent: OutboundRequest[] = [];
  const response = {
    kind: 'response',
    status: 200,
    headers: {},
    body: '',
    bodyTruncated: false,
    durationMs: 1,
  } as const;
  const client = clientThat((request) => {
    sent.push(request);
    return { ...response, ...result };
  });
  return { sent, ...client };
}

function clientThat(answer: (request: OutboundRequest) => OutboundResult): OutboundClient {
  return { send: async (request) => answer(request), close: async () => {}, inFlight: () => 0 };
}

const URL_OF_KEYS = 'https://issuer.example/jwks.json';

test('reads JSON through the guarded client', async () => {
  const client = recordingClient({ body: '{"keys":[]}', headers: { 'content-type': 'application/json' } });
  const answer = await createAxios(client).get(URL_OF_KEYS, { params: { v: 2 } });
  expect(answer).toMatchObject({ status: 200, data: { keys: [] } });
  expect(answer.headers['content-type']).toBe('application/json');
  expect(client.sent).toMatchObject([
    { url: `${URL_OF_KEYS}?v=2`, method: 'GET', body: '', deadlineMs: 10_000, maxResponseBytes: 262_144 },
  ]);
});

test('sends JSON with the headers, the time limit and the cap that the caller gave', async () => {
  const client = recordingClient();
  await createAxios(client).post(
    URL_OF_KEYS,
    { a: 1 },
    { headers: { 'X-A': 'b' }, auth: { username: 'u', password: 'p' }, timeout: 500, maxContentLength: 100 },
  );
  expect(client.sent).toMatchObject([
    {
      method: 'POST',
      body: '{"a":1}',
      headers: { 'X-A': 'b', 'Content-Type': 'application/json', Authorization: 'Basic dTpw' },
      deadlineMs: 500,
      maxResponseBytes: 100,
      keepResponseBytes: 100,
    },
  ]);
});

test.each([301, 302, 307, 404, 500])('a %d is an error that carries the answer', async (status) => {
  const call = createAxios(recordingClient({ status, headers: { location: 'http://127.0.0.1/' } })).get(URL_OF_KEYS);
  await expect(call).rejects.toMatchObject({ response: { status }, isAxiosError: true });
});

test('validateStatus admits what the caller says', async () => {
  const answer = await createAxios(recordingClient({ status: 404 })).get(URL_OF_KEYS, { validateStatus: null });
  expect(answer.status).toBe(404);
});

test.each<[Extract<OutboundResult, { kind: 'failure' }>['outcome'], string]>([
  ['timeout', 'ETIMEDOUT'],
  ['dns_error', 'ERR_NETWORK'],
  ['tls_error', 'ERR_NETWORK'],
  ['connection_error', 'ERR_NETWORK'],
  ['blocked_address', 'ERR_BLOCKED_ADDRESS'],
  ['response_too_large', 'ERR_BAD_RESPONSE'],
])('%s becomes the error %s with the safe text', async (outcome, code) => {
  const client = clientThat(() => ({
    kind: 'failure',
    outcome,
    message: 'safe',
    requestSent: false,
    answer: null,
    durationMs: 1,
  }));
  const call = createAxios(client).get(URL_OF_KEYS);
  await expect(call).rejects.toThrow(AxiosError);
  await expect(call).rejects.toMatchObject({ code, message: 'safe' });
});

test('no setting of a call leads around the guard', async () => {
  const client = recordingClient();
  const reached: string[] = [];
  await createAxios(client).get(URL_OF_KEYS, {
    adapter: async (config) => {
      reached.push('adapter');
      return { data: '', status: 200, statusText: '', headers: {}, config };
    },
    socketPath: '/var/run/docker.sock',
    proxy: { host: '127.0.0.1', port: 1 },
    maxRedirects: 5,
    timeout: 0,
    maxContentLength: Number.POSITIVE_INFINITY,
  });
  expect(reached).toEqual([]);
  expect(client.sent).toMatchObject([{ url: URL_OF_KEYS, deadlineMs: 10_000, maxResponseBytes: 262_144 }]);
});

test.each(['stream', 'arraybuffer', 'blob'] as const)('an answer as %s is refused', async (responseType) => {
  const client = recordingClient();
  await expect(createAxios(client).get(URL_OF_KEYS, { responseType })).rejects.toMatchObject({
    code: 'ERR_NOT_SUPPORT',
  });
  expect(client.sent).toEqual([]);
});

test('passes on the signal', async () => {
  const client = recordingClient();
  const { signal } = new AbortController();
  await createAxios(client).get(URL_OF_KEYS, { signal });
  expect(client.sent[0]?.signal).toBe(signal);
});
