import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerCalls } from '../instruments/calls.ts';
import { monotonicMs } from '../measure/clock.ts';
import { Arrivals, type EventRange } from './arrivals.ts';
import { eventNumberIn } from './event-number.ts';
import type { ReceiverMethods } from './receiver.ts';

const ANSWER = { 'content-length': '0' };
const LOOK_AGAIN_MS = 20;

const arrivals = new Arrivals();
const servers: ReturnType<typeof createServer>[] = [];
/** The endpoint that takes requests and never answers; -1 for none. */
let hanging = -1;
let failing: ReadonlySet<number> = new Set();
let held = new Set<ServerResponse>();
let hung = 0;
let sample: string | null = null;

function receive(endpoint: number, request: IncomingMessage, response: ServerResponse): void {
  let body: Buffer | undefined;
  request.on('data', (chunk: Buffer) => {
    body = body === undefined ? chunk : Buffer.concat([body, chunk]);
  });
  request.on('end', () => {
    if (endpoint === hanging) {
      hung += 1;
      held.add(response);
      response.on('close', () => held.delete(response));
      return;
    }
    const number = body === undefined ? null : eventNumberIn(body);
    if (number !== null) arrivals.record(number, monotonicMs());
    sample ??= body?.toString() ?? null;
    response.writeHead(failing.has(endpoint) ? 500 : 200, ANSWER);
    response.end();
  });
  request.on('error', () => {});
}

async function listen(endpoint: number): Promise<number> {
  const server = createServer({ keepAliveTimeout: 120_000, requestTimeout: 0 }, (request, response) =>
    receive(endpoint, request, response),
  );
  servers.push(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

const methods: ReceiverMethods = {
  open: (count) => Promise.all(Array.from({ length: count }, (_, endpoint) => listen(endpoint))),
  hang(endpoint) {
    hanging = endpoint ?? -1;
    for (const response of held) response.destroy();
    held = new Set();
  },
  fail(endpoints) {
    failing = new Set(endpoints);
  },
  async waitFor({ range, count, timeoutMs }) {
    const deadline = monotonicMs() + timeoutMs;
    while (arrivals.count(range) < count && monotonicMs() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
    return arrivals.count(range);
  },
  times: (range: EventRange) => arrivals.slice(range),
  counts: () => ({ repeated: arrivals.repeated, hung }),
  sample: () => sample,
};
answerCalls(methods);
