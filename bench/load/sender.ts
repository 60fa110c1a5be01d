import { type Dispatcher, Pool } from 'undici';
import { monotonicMs } from '../measure/clock.ts';
import type { ReadyRequest } from './notifications.ts';

/** Where requests go. */
export interface Target {
  readonly origin: string;
  readonly path: string;
}

const PATIENCE_MS = 30_000;

/** Posts requests over keep-alive connections, as cheaply as undici can. */
export class Sender {
  readonly #pools = new Map<string, Pool>();
  readonly #targets: readonly Target[];

  /** @param connections at most so many to one origin */
  constructor(targets: readonly Target[], connections: number) {
    this.#targets = targets;
    for (const { origin } of targets) {
      if (this.#pools.has(origin)) continue;
      this.#pools.set(
        origin,
        new Pool(origin, {
          connections,
          headersTimeout: PATIENCE_MS,
          bodyTimeout: PATIENCE_MS,
          keepAliveTimeout: 60_000,
        }),
      );
    }
  }

  /** Sends one request; `ended` hears its status (0: none came) and when the answer was complete, in monotonic milliseconds. */
  send(request: ReadyRequest, ended: (status: number, atMs: number) => void): void {
    const target = this.#targets[request.target];
    const pool = this.#pools.get(target?.origin ?? '');
    if (target === undefined || pool === undefined) throw new RangeError('a request without a target');
    let status = 0;
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart() {},
      onResponseStart(_controller, statusCode) {
        status = statusCode;
      },
      onResponseData() {},
      onResponseEnd: () => ended(status, monotonicMs()),
      onResponseError: () => ended(0, monotonicMs()),
    };
    pool.dispatch(
      { method: 'POST', path: target.path, headers: request.headers as string[], body: request.body },
      handler,
    );
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.close()));
  }
}
