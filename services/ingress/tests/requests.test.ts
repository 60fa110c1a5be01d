import { connect } from 'node:net';
import { addAccount } from './support/accounts.ts';
import { send, stripeEvent, stripeRequest } from './support/notifications.ts';
import { openTestStores, type RunningIngress, startIngress, type TestStores } from './support/start-ingress.ts';
import { eventsOf } from './support/stored.ts';

// Real stores, on a machine that may be busy.
jest.setTimeout(60_000);

const MIB = 1_048_576;

let stores: TestStores;
let ingress: RunningIngress;

beforeAll(async () => {
  stores = await openTestStores();
  ingress = await startIngress(stores, { SUPPORT_CONTACT: 'help@gateway.example' });
  await addAccount(stores.store, 'm_1', 'stripe');
});

afterAll(async () => {
  await ingress.stop();
  await stores.store.close();
});

/** Sends bytes as they are and answers with what comes back until the first status line is complete. */
function sendRaw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(ingress.url).port), '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      answer += chunk;
      if (answer.includes('\r\n\r\n')) {
        socket.destroy();
        resolve(answer);
      }
    });
    socket.on('error', reject).on('close', () => resolve(answer));
  });
}

it.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('answers %s with 405 and names POST', async (method) => {
  const response = await fetch(`${ingress.url}/webhooks/m_1/stripe`, { method, redirect: 'manual' });
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
});

it('never redirects a POST', async () => {
  const request = stripeRequest(stripeEvent('evt_1'));
  const paths = [
    '/webhooks/m_1/stripe',
    '/webhooks/m_1/stripe/',
    '/webhooks/m_1/stripe?a=1',
    '/webhooks',
    '/webhooks/m_1',
    '//webhooks/m_1/stripe',
    '/webhooks//stripe',
    '/',
  ];
  for (const path of paths) {
    const { status } = await send(ingress.url, path, request);
    expect(status < 300 || status >= 400).toBe(true);
  }
});

it('accepts a body of exactly 1 MiB and refuses one byte more, with and without a length', async () => {
  const payload = (length: number) => {
    const bare = JSON.stringify(stripeEvent('evt_big', 'payment_intent.succeeded', { padding: '' }));
    return stripeRequest(bare.replace('"padding":""', `"padding":"${'x'.repeat(length - bare.length)}"`));
  };
  expect((await send(ingress.url, '/webhooks/m_1/stripe', payload(MIB))).status).toBe(200);
  const tooLarge = payload(MIB + 1);
  const response = await send(ingress.url, '/webhooks/m_1/stripe', tooLarge);
  expect([response.status, await response.json()]).toEqual([
    413,
    expect.objectContaining({ support: 'help@gateway.example' }),
  ]);
  const chunks = new ReadableStream({
    start(controller) {
      controller.enqueue(new Uint8Array(Buffer.from(tooLarge.body)));
      controller.close();
    },
  });
  const options = { method: 'POST', body: chunks, headers: tooLarge.headers, duplex: 'half' };
  expect((await fetch(`${ingress.url}/webhooks/m_1/stripe`, options as RequestInit)).status).toBe(413);
  expect(await eventsOf(stores.store, 'm_1')).toHaveLength(2);
});

it('inflates nothing', async () => {
  const request = stripeRequest(stripeEvent('evt_gzip'));
  const headers = { ...request.headers, 'content-encoding': 'gzip' };
  expect((await send(ingress.url, '/webhooks/m_1/stripe', { ...request, headers })).status).toBe(415);
});

it('keeps the caller’s request id if it is harmless', async () => {
  const request = stripeRequest(stripeEvent('evt_id'));
  const idOf = async (id: string) => {
    const headers = { ...request.headers, 'x-request-id': id };
    return (await send(ingress.url, '/webhooks/m_1/stripe', { ...request, headers })).headers.get('x-request-id');
  };
  expect(await idOf('trace-1')).toBe('trace-1');
  expect(await idOf('<script>')).toMatch(/^req_/);
});

it('withstands a header named __proto__, thousands of headers and a request that is two', async () => {
  const post = 'POST /webhooks/m_1/stripe HTTP/1.1\r\nHost: x\r\n';
  expect(await sendRaw(`${post}__proto__: a\r\nconstructor: b\r\nContent-Length: 0\r\n\r\n`)).toMatch(/^HTTP\/1.1 401/);
  const many = Array.from({ length: 3_000 }, (_, index) => `x-${index}: ${index}\r\n`).join('');
  expect(await sendRaw(`${post}${many}\r\n`)).toMatch(/^HTTP\/1.1 431/);
  expect(await sendRaw(`${post}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`)).toMatch(
    /^HTTP\/1.1 400/,
  );
  expect((await fetch(`${ingress.url}/livez`)).status).toBe(200);
});

it('lets a sender go away in the middle of its body', async () => {
  const socket = connect(Number(new URL(ingress.url).port), '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write('POST /webhooks/m_1/stripe HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf');
  socket.destroy();
  expect((await send(ingress.url, '/webhooks/m_1/stripe', stripeRequest(stripeEvent('evt_after')))).status).toBe(200);
});

it('shows its metrics and its health', async () => {
  const metrics = await (await fetch(`${ingress.url}/metrics`)).text();
  expect(metrics).toMatch(/ingress_notifications_acknowledged_total\{[^}]*connector="stripe",verdict="accepted"/);
  expect(metrics).toContain('route="/webhooks/:merchant_id/:connector_name"');
  expect(metrics).not.toContain('m_1');
  expect((await fetch(`${ingress.url}/readyz`)).status).toBe(200);
});
