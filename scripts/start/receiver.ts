import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { verifyXSignature } from '@owngateway/signature';

const KEPT = 100;
const MAX_BODY_BYTES = 1_000_000;

/** Where the demo subscription delivers; other paths belong to subscriptions whose secret this receiver does not know. */
export const DEMO_PATH = '/events';

/** One event as the receiver got it; `verified` is `null` where it knows no secret. */
export interface ReceivedEvent {
  readonly received_at: string;
  readonly path: string;
  readonly verified: boolean | null;
  readonly delivery_id: string | null;
  readonly attempt: string | null;
  readonly event: unknown;
}

/** A merchant's server in miniature: it checks the signature, says in one line what came, and keeps the last hundred. */
export interface Receiver {
  readonly url: string;
  /** From now on signatures made with this secret are the right ones. */
  trust(secret: string): void;
  close(): Promise<void>;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MAX_BODY_BYTES) throw new RangeError('body too large');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function header(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return null;
  }
}

function describe({ path, verified, event, attempt }: ReceivedEvent): string {
  const { type = '(no type)', id = '(no id)' } = (event ?? {}) as { type?: string; id?: string };
  const signature = { true: 'signature verified', false: 'WRONG SIGNATURE, refused', null: 'signature not checked' };
  return `received at ${path}: ${type} ${id} (attempt ${attempt ?? '?'}, ${signature[`${verified}`]})`;
}

/** Starts the receiver on 127.0.0.1. `GET /received` answers the last hundred, newest first; every POST is an event. */
export async function startReceiver(port: number, say: (line: string) => void): Promise<Receiver> {
  const received: ReceivedEvent[] = [];
  const secrets: string[] = [];

  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request);
    const verdict = verifyXSignature(request.headers['x-signature'], { secrets, body, now: new Date() });
    const one: ReceivedEvent = {
      received_at: new Date().toISOString(),
      path: request.url ?? '',
      verified: secrets.length === 0 || request.url !== DEMO_PATH ? null : verdict.ok,
      delivery_id: header(request, 'x-delivery-id'),
      attempt: header(request, 'x-delivery-attempt'),
      event: parse(body),
    };
    received.unshift(one);
    received.length = Math.min(received.length, KEPT);
    say(describe(one));
    response.statusCode = one.verified === false ? 401 : 200;
    response.end();
  };
  const list = (response: ServerResponse): void => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ data: received }));
  };

  const server = createServer((request, response) => {
    if (request.method === 'GET' && request.url === '/received') return list(response);
    if (request.method !== 'POST') {
      response.statusCode = 404;
      response.end();
      return;
    }
    take(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${bound}`,
    trust: (secret) => secrets.splice(0, secrets.length, secret),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
