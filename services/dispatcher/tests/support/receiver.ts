import { listen } from '@owngateway/service-kit';

type Handler = Parameters<typeof listen>[0];
type Request = Parameters<Handler>[0];
type Response = Parameters<Handler>[1];

/** One request as it arrived. */
export interface Received {
  path: string;
  headers: Request['headers'];
  body: string;
  atMs: number;
}

/** Answers a request; a status alone is answered at once. `hang` never answers. */
export type Behaviour = number | 'hang' | ((received: Received, response: Response) => void);

/** A merchant's endpoint on this machine. */
export interface Receiver {
  url: string;
  received: Received[];
  /** What it does from now on. */
  behave(behaviour: Behaviour): void;
  /** Requests with this event id. */
  of(eventId: string): Received[];
  close(): Promise<void>;
}

const ON_THIS_MACHINE = { port: 0, host: '127.0.0.1' };

export async function startReceiver(first: Behaviour = 200): Promise<Receiver> {
  const received: Received[] = [];
  let behaviour = first;
  const listening = await listen((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = {
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
        atMs: Date.now(),
      };
      received.push(one);
      if (typeof behaviour === 'function') behaviour(one, response);
      else if (behaviour !== 'hang') response.writeHead(behaviour).end('answer');
    });
  }, ON_THIS_MACHINE);
  return {
    url: `${listening.url}/hooks`,
    received,
    behave(next) {
      behaviour = next;
    },
    of: (eventId) => received.filter(({ headers }) => headers['webhook-id'] === eventId),
    async close() {
      listening.closeNow();
      await listening.close();
    },
  };
}
