import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { answerOf, type ReceiverMode } from './receiver-mode.ts';
import { judgeSignatures, type SignatureVerdict } from './signature-verdict.ts';

/** One request that a receiver got, as it arrived. */
export interface Receipt {
  /** The receiver's name. */
  receiver: string;
  /** `webhook-id` */
  eventId: string;
  /** `X-Delivery-Id` */
  deliveryId: string;
  /** `X-Delivery-Attempt` */
  attempt: number;
  /** `X-Event-Type` */
  eventType: string;
  /** Exactly what came; deliveries are UTF-8. */
  body: string;
  signatures: SignatureVerdict;
  headers: Readonly<Record<string, string>>;
  at: Date;
  /** Null while it has not been answered, and for ever when it is left hanging. */
  answered: number | null;
}

/** A merchant's endpoint that writes down everything before it answers. */
export interface Receiver {
  readonly name: string;
  readonly url: string;
  /** In the order of arrival. */
  readonly receipts: readonly Receipt[];
  mode: ReceiverMode;
  /** The secret to verify with; what came without one counts as not verified. */
  secret: string | null;
  /** Requests of an event, oldest first. */
  of(eventId: string): Receipt[];
  close(): Promise<void>;
}

/** Listens on 127.0.0.1, on any free port or on the one that is given. */
export async function openReceiver(name: string, mode: ReceiverMode = { kind: 'ok' }, port = 0): Promise<Receiver> {
  const receipts: Receipt[] = [];
  const byEvent = new Map<string, Receipt[]>();
  const closing = new AbortController();

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const receipt = receiptOf(receiver, request, body);
    const earlier = byEvent.get(receipt.eventId) ?? [];
    const answer = answerOf(receiver.mode, receipts.length, earlier.length);
    receipts.push(receipt);
    byEvent.set(receipt.eventId, [...earlier, receipt]);
    if (answer.kind === 'silence') return;
    if (answer.afterMs > 0) await pause(answer.afterMs, undefined, { signal: closing.signal });
    response.writeHead(answer.status, { 'content-type': 'text/plain', ...answer.headers });
    // Counted as answered before the first byte leaves: at a crash the doubt is on the safe side.
    receipt.answered = answer.status;
    response.end(answer.body ?? (answer.status < 300 ? 'thank you' : 'no'));
  }

  const server = createServer((request, response) => {
    // The sender went away, or this receiver is closing: there is nobody left to answer.
    take(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;

  const receiver: Receiver = {
    name,
    url: `http://127.0.0.1:${bound}/${name}`,
    receipts,
    mode,
    secret: null,
    of: (eventId) => byEvent.get(eventId) ?? [],
    close() {
      closing.abort();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return receiver;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function receiptOf(receiver: Receiver, request: IncomingMessage, body: string): Receipt {
  const header = (name: string): string => String(request.headers[name] ?? '');
  return {
    receiver: receiver.name,
    eventId: header('webhook-id'),
    deliveryId: header('x-delivery-id'),
    attempt: Number(header('x-delivery-attempt')),
    eventType: header('x-event-type'),
    body,
    signatures:
      receiver.secret === null
        ? { standardWebhooks: false, stripe: false }
        : judgeSignatures(body, request.headers, receiver.secret),
    headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
    at: new Date(),
    answered: null,
  };
}
