import type { OutboundClient, OutboundRequest, OutboundResult } from '@owngateway/outbound';
import { openOutside } from './open-outside.ts';

/** A client that gives one answer and remembers what it was asked to send. */
function clientWith(result: OutboundResult): { client: OutboundClient; sent: OutboundRequest[] } {
  const sent: OutboundRequest[] = [];
  const send = async (request: OutboundRequest) => {
    sent.push(request);
    return result;
  };
  return { client: { send, close: async () => {}, inFlight: () => 0 }, sent };
}

const answer = (status: number, body: string): OutboundResult => ({
  kind: 'response',
  status,
  headers: { 'retry-after': '7' },
  body,
  bodyTruncated: false,
  durationMs: 1,
});

describe('the way out that connectors are lent', () => {
  it.each([200, 301, 404, 429, 503])('hands on an answer of %d as it is, with its bytes as text', async (status) => {
    const { client, sent } = clientWith(answer(status, '{"amount":10.00}'));
    expect(await openOutside(client, 500).get('https://api.example/v1/x', { authorization: 'Bearer a' })).toEqual({
      kind: 'answered',
      status,
      headers: { 'retry-after': '7' },
      body: '{"amount":10.00}',
    });
    expect(sent).toMatchObject([{ method: 'GET', url: 'https://api.example/v1/x', deadlineMs: 500, body: '' }]);
    expect(sent[0]?.headers).toMatchObject({ authorization: 'Bearer a' });
  });

  it('posts a body as it is', async () => {
    const { client, sent } = clientWith(answer(200, ''));
    await openOutside(client).post('https://api.example/v1/x', { 'content-type': 'application/json' }, '{"a":1.0}');
    expect(sent).toMatchObject([
      { method: 'POST', body: '{"a":1.0}', deadlineMs: 10_000, maxResponseBytes: 1_048_576 },
    ]);
  });

  it('says why nobody answered, and never rejects', async () => {
    const message = 'the address is not allowed';
    const failure = { kind: 'failure', outcome: 'blocked_address', message, requestSent: false } as const;
    const { client } = clientWith({ ...failure, answer: null, durationMs: 0 });
    expect(await openOutside(client).get('https://10.0.0.1/', {})).toEqual({ kind: 'unanswered', detail: message });
    const broken = { ...client, send: () => Promise.reject(new Error('secret detail')) };
    expect(await openOutside(broken).get('https://x.example/', {})).toEqual({
      kind: 'unanswered',
      detail: 'the request failed',
    });
  });
});
