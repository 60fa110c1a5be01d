import type { Lane } from './process-room.ts';

/** What the endpoints need to know of a recipient. */
export interface Endpoint {
  readonly id: string;
  /** A later version knows better which `endpointKey` holds. */
  readonly version: number;
  /** Another one when its URL has changed or somebody has enabled it: then the breaker, and what else is known, begins anew. */
  readonly endpointKey: string;
  readonly maxInFlight: number;
  /** Requests per second of this process, or no limit. */
  readonly rateLimitPerS: number | null;
}

/**
 * The right to have one request in flight. It is given back in two steps: the endpoint's part when the request has ended,
 * the process's part when its result is written. Until then a crash would send it again, so this is what bounds
 * duplicates (P2).
 */
export interface Slot {
  /** The request has ended: the endpoint may have the next one. */
  ended(): void;
  /** The result is written (or there is none to write): this process may have the next one. Gives back both parts. */
  release(): void;
}

/** Why a delivery must wait, and until when. */
export interface Wait {
  reason: 'breaker' | 'in_flight_limit' | 'rate_limit' | 'ramp';
  untilMs: number;
}

/**
 * What this process knows of every endpoint: requests in flight, mean latency, breaker. It bounds what is in flight, in
 * all and per endpoint (rule 9), and says whether an endpoint is well enough for the inline lane (decision 5).
 */
export interface Endpoints {
  /** Well: answers, and quickly. */
  isHealthy(endpoint: Endpoint): boolean;
  /** A slot now, or null when all are taken or the rate is used up. Does not look at the breaker. For a first attempt unless told otherwise. */
  tryTake(endpoint: Endpoint, lane?: Lane): Slot | null;
  /**
   * A slot, or null when the endpoint has none within `waitMs` or its rate is used up. Waiting endpoints take turns. When it is this process that
   * has no room, a job of its own would wait for the same and cost more, so the wait goes on, up to ten seconds. First attempts
   * are served before later ones.
   */
  take(endpoint: Endpoint, waitMs: number, lane?: Lane): Promise<Slot | null>;
  /** Null when a request may go out under the breaker (as its probe, maybe: ask only when it will go); otherwise until when it must not. */
  breakerWait(endpoint: Endpoint): Wait | null;
  /** Until when it is no use trying: the breaker is open, or every slot is taken. Null when it is worth a try. Begins no probe. */
  waitBefore(endpoint: Endpoint): Wait | null;
  /** When a delivery that does not go now should be tried: when the breaker lets it, else in the next free slot. Begins no probe. */
  comeBack(endpoint: Endpoint): Wait;
  /** Reserves the endpoint's next free slot or turn: each waiting delivery gets a different time (bullmq: one deferral each). */
  reserve(endpoint: Endpoint): Wait;
  /** An HTTP answer, of whatever status, arrived after `durationMs`. */
  answered(endpoint: Endpoint, durationMs: number): void;
  /** No HTTP answer at all: timeout, refused connection. */
  unanswered(endpoint: Endpoint, durationMs: number): void;
  /** A request has been under way for `durationMs` and has not ended: counts at once, not only when it ends. */
  stillWaiting(endpoint: Endpoint, durationMs: number): void;
  /** Requests of this process that are in flight, or whose results are not written yet. */
  inFlight(): number;
}
