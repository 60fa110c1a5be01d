import { createLogger, createMetrics, type Listening, listen } from '@owngateway/service-kit';
import express from 'express';
import type { AnswerHandshake } from '../handshake/answer-handshake.ts';
import { createIngressMetrics } from '../ingress-metrics.ts';
import { IntakeLimit } from './intake-limit.ts';
import type { ReceiveNotification, Reception } from './receive-notification.ts';
import { createRefusalGate } from './refusal-gate.ts';
import { createRequestOutcome } from './request-outcome.ts';
import { createWebhookRoute, WEBHOOK_PATH } from './webhook-route.ts';

const ACKNOWLEDGED: Reception = {
  kind: 'acknowledged',
  acknowledgement: { status: 200, contentType: 'text/plain', body: '[accepted]' },
  connector: 'adyen',
  accountId: 'acct_1',
  notificationId: 'ntf_1',
  verdict: 'accepted',
  newEvents: 1,
};

let server: Listening | undefined;
const log: string[] = [];
const gate = createRefusalGate();

afterAll(() => gate.close());

afterEach(async () => {
  server?.closeNow();
  await server?.close();
});

const clock = () => performance.now();
const limitOf = (maxNotifications: number, maxBytes: number) => new IntakeLimit({ maxNotifications, maxBytes }, clock);

interface Given {
  limit?: IntakeLimit;
  needsEvidence?: boolean;
  answerHandshake?: AnswerHandshake;
}

async function serve(receive: ReceiveNotification, given: Given = {}) {
  const { limit = limitOf(10, 1_000), needsEvidence = false } = given;
  const http = createMetrics({ service: 'test', defaults: false });
  const outcomeOf = createRequestOutcome({
    receive,
    answerHandshake: given.answerHandshake ?? (async () => ({ kind: 'no_handshake' })),
    evidence: { mayBeNeeded: () => needsEvidence },
    limit,
    publicUrl: 'https://gateway.example',
    gate,
    answerWithinMs: 50,
  });
  const route = createWebhookRoute({
    outcomeOf,
    supportContact: undefined,
    logger: createLogger({ service: 'test', level: 'info', destination: { write: (line) => void log.push(line) } }),
    http,
    metrics: createIngressMetrics(http, limit),
    clock,
  });
  server = await listen(express().all(WEBHOOK_PATH, route), { port: 0, host: '127.0.0.1' });
  const { url } = server;
  return (body: string | null, method = 'POST') => fetch(`${url}/webhooks/m_1/stripe?a=1`, { method, body });
}

it('hands the request over as it came, with the public URL as configured', async () => {
  let seen: Parameters<ReceiveNotification> | undefined;
  const post = await serve(async (...args) => {
    seen = args;
    return ACKNOWLEDGED;
  });
  const response = await post('{"a":1.0}');
  expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
    200,
    'text/plain',
    '[accepted]',
  ]);
  expect(seen?.[0]).toEqual({ merchantId: 'm_1', name: 'stripe' });
  expect(seen?.[1]).toMatchObject({ method: 'POST', query: 'a=1', url: 'https://gateway.example/webhooks/m_1/stripe' });
  expect(seen?.[1].body.toString()).toBe('{"a":1.0}');
});

it('answers 503 when the store takes too long, and goes on holding what it holds until that is settled', async () => {
  const { promise, resolve: settle } = Promise.withResolvers<Reception>();
  const limit = limitOf(1, 1_000);
  const post = await serve(() => promise, { limit });
  const late = await post('late');
  expect([late.status, late.headers.get('retry-after')]).toEqual([503, '5']);
  expect([limit.notifications, limit.bytes]).toEqual([1, 4]);
  // There is room for one, and it is taken: shed without being tried.
  expect((await post('shed')).status).toBe(503);
  settle(ACKNOWLEDGED);
  await new Promise(setImmediate);
  expect([limit.notifications, limit.bytes]).toEqual([0, 0]);
});

it('sheds bodies beyond the bytes that may be held', async () => {
  const limit = limitOf(10, 100);
  const post = await serve(async () => ACKNOWLEDGED, { limit });
  expect((await post('x'.repeat(101))).status).toBe(503);
  expect((await post('x'.repeat(100))).status).toBe(200);
  expect(limit.bytes).toBe(0);
});

it('answers 503 when nobody can tell, and 500 without a word when something is broken', async () => {
  const receptions: (() => Promise<Reception>)[] = [
    async () => ({ kind: 'undecided' }),
    async () => ({ kind: 'unprovable' }),
    async () => ({ kind: 'too_many_looks' }),
    () => Promise.reject(Object.assign(new Error('the store is away'), { name: 'MongoPoolClearedError' })),
    () => Promise.reject(new TypeError('secret detail')),
  ];
  const limit = limitOf(10, 1_000);
  const post = await serve(() => receptions.shift()?.() ?? Promise.reject(new Error('no more')), { limit });
  for (const _nobodyCanTell of [1, 2, 3, 4]) {
    const later = await post('body');
    expect([later.status, later.headers.get('retry-after')]).toEqual([503, '5']);
  }
  const broken = await post('body');
  expect(broken.status).toBe(500);
  expect(await broken.text()).not.toContain('secret detail');
  expect(log.some((line) => line.includes('"level":"error"') && line.includes('secret detail'))).toBe(true);
  expect([limit.notifications, limit.bytes]).toEqual([0, 0]);
});

it('refuses no sooner than at the gate', async () => {
  const post = await serve(async () => ({ kind: 'refused', reason: 'unknown_account' }));
  const before = gate.stroke;
  expect((await post('')).status).toBe(401);
  expect(gate.stroke).toBeGreaterThanOrEqual(before + 2);
});

it('refuses what may have needed evidence no sooner than gathering may take', async () => {
  const post = await serve(async () => ({ kind: 'refused', reason: 'unknown_account' }), { needsEvidence: true });
  const before = gate.stroke;
  expect((await post('')).status).toBe(401);
  expect(gate.stroke - before).toBeGreaterThanOrEqual(262);
});

it('answers a question by GET at the gate, and every other method with 405', async () => {
  const acknowledgement = { status: 200, contentType: 'text/plain', body: 'key|answer' };
  const asked: unknown[] = [];
  const request = await serve(async () => ACKNOWLEDGED, {
    async answerHandshake(path, query) {
      asked.push(path, query);
      return { kind: 'answered', acknowledgement, connector: 'braintree', isDecoy: false };
    },
  });
  const before = gate.stroke;
  const answer = await request(null, 'GET');
  expect([answer.status, await answer.text()]).toEqual([200, 'key|answer']);
  expect(gate.stroke).toBeGreaterThanOrEqual(before + 2);
  expect(asked).toEqual([{ merchantId: 'm_1', name: 'stripe' }, 'a=1']);
  for (const method of ['HEAD', 'PUT', 'DELETE', 'OPTIONS']) {
    const refused = await request(null, method);
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'POST']);
  }
});
