import {
  type BreakerState,
  breakerVerdict,
  CLOSED_BREAKER,
  recordAnswer,
  recordNoAnswer,
  reserveSlot,
  startProbe,
} from '@owngateway/domain';
import type { Endpoint, Endpoints, Slot, Wait } from './endpoint.ts';
import { type Lane, ProcessRoom } from './process-room.ts';
import { countedOnRamp, isOver, mayGoOnRamp, nextTurnOnRamp, type Ramp, startRamp } from './ramp.ts';
import { counted, FRESH_RATE, mayGo, nextTurn, type SendRate } from './send-rate.ts';
import { WaitingLine } from './waiting-line.ts';

/** Above this mean latency an endpoint's deliveries become jobs of their own, so that they hold nobody else's job. */
const SLOW_MS = 1_000;

/** How long a request waits for room in this process; far less than a claim lasts. */
const PROCESS_WAIT_MS = 10_000;

/** While a breaker's probe is under way, others look again after this. */
const PROBE_POLL_MS = 2_000;

/** What waits for a breaker comes back within this share of the wait after it, at most so long. */
const SPREAD = 0.2;
const LONGEST_SPREAD_MS = 5_000;

/** So many requests since the last answer are trust enough: with more the endpoint is in doubt until it answers. */
const TRUSTED_REQUESTS = 5;

/** An endpoint that answered this recently is not in doubt, however many requests have begun since. */
const RECENT_ANSWER_MS = 100;

/** When something crowded out by other doubtful endpoints looks again, at the earliest. */
const CROWDED_OUT_MS = 500;

/** Weight of the newest latency in the running mean. */
const LATENCY_WEIGHT = 0.2;

interface State {
  key: string;
  version: number;
  inFlight: number;
  meanLatencyMs: number;
  breaker: BreakerState;
  nextSlotMs: number;
  rate: SendRate;
  /** While it comes back after an outage. */
  ramp: Ramp | null;
  /** Requests that began after the last answer. */
  sinceAnswer: number;
  answeredAtMs: number;
  /** How many wait for a slot. */
  waiting: number;
}

export interface EndpointsOptions {
  /** Requests in flight in this process, at the most. */
  maxInFlight: number;
  nowMs: () => number;
  /** Uniform in [0, 1): spreads what waits for a breaker, so that it does not come back all at once. */
  random: () => number;
}

export function createEndpoints({ maxInFlight, nowMs, random }: EndpointsOptions): Endpoints {
  const states = new Map<string, State>();
  const room = new ProcessRoom(maxInFlight);
  const line = new WaitingLine<Endpoint, Slot>();

  function knownStateOf(endpoint: Endpoint): State | undefined {
    const state = states.get(endpoint.id);
    if (state === undefined || state.key === endpoint.endpointKey || state.version >= endpoint.version) return state;
    // What waited for the breaker comes back at once: on a ramp, as after any outage.
    const ramp = state.breaker.openUntil === null ? state.ramp : startRamp(nowMs());
    return Object.assign(state, {
      key: endpoint.endpointKey,
      version: endpoint.version,
      meanLatencyMs: 0,
      breaker: CLOSED_BREAKER,
      nextSlotMs: 0,
      ramp,
      sinceAnswer: 0,
    });
  }

  /** For what a request has told of an endpoint; null when it went to another address than the one of now. */
  function stateToldOf(endpoint: Endpoint): State | null {
    const state = stateOf(endpoint);
    return state.key === endpoint.endpointKey ? state : null;
  }

  function stateOf(endpoint: Endpoint): State {
    let state = knownStateOf(endpoint);
    if (state === undefined) {
      state = {
        key: endpoint.endpointKey,
        version: endpoint.version,
        inFlight: 0,
        meanLatencyMs: 0,
        breaker: CLOSED_BREAKER,
        nextSlotMs: 0,
        rate: FRESH_RATE,
        ramp: null,
        sinceAnswer: 0,
        answeredAtMs: Number.NEGATIVE_INFINITY,
        waiting: 0,
      };
      states.set(endpoint.id, state);
    }
    return state;
  }

  function hasRoom(endpoint: Endpoint, state: State, lane: Lane, doubtful = doubtfulInFlight): boolean {
    if (state.inFlight >= endpoint.maxInFlight || !isWithinRate(endpoint, state)) return false;
    return isDoubtful(state) ? room.hasForDoubtful(doubtful) : room.hasFor(lane);
  }

  /**
   * Slow, without an answer lately, or busy without having answered any of it yet: such endpoints share a part of the process,
   * so that the well ones keep theirs even before a breaker opens.
   */
  function isDoubtful(state: State): boolean {
    if (state.meanLatencyMs >= SLOW_MS || state.breaker.withoutAnswer > 0) return true;
    return state.sinceAnswer >= TRUSTED_REQUESTS && nowMs() - state.answeredAtMs > RECENT_ANSWER_MS;
  }

  function doubtfulInFlight(): number {
    let count = 0;
    for (const state of states.values()) if (state.inFlight > 0 && isDoubtful(state)) count += state.inFlight;
    return count;
  }

  /** Other doubtful endpoints have all that such may have. */
  function isCrowdedOut(state: State): boolean {
    return isDoubtful(state) && !room.isFull && !room.hasForDoubtful(doubtfulInFlight);
  }

  function isWithinRate(endpoint: Endpoint, state: State): boolean {
    const now = nowMs();
    return mayGo(state.rate, endpoint.rateLimitPerS, now) && (state.ramp === null || mayGoOnRamp(state.ramp, now));
  }

  function occupy(endpoint: Endpoint, state: State, lane: Lane): Slot {
    const now = nowMs();
    const leave = room.enter(lane, isDoubtful(state));
    state.rate = counted(state.rate, endpoint.rateLimitPerS, now);
    if (state.ramp !== null) state.ramp = isOver(state.ramp, now) ? null : countedOnRamp(state.ramp, now);
    state.inFlight += 1;
    state.sinceAnswer += 1;
    let hasEnded = false;
    const end = () => {
      if (hasEnded) return;
      hasEnded = true;
      state.inFlight -= 1;
      forgetIfIdle(endpoint, state);
    };
    return {
      ended() {
        end();
        serveWaiting();
      },
      release() {
        end();
        leave();
        serveWaiting();
      },
    };
  }

  function serveWaiting(): void {
    if (room.isFull || line.isEmpty) return;
    // Counted once for all who wait, and only if it matters.
    let count: number | undefined;
    const doubtful = () => {
      count ??= doubtfulInFlight();
      return count;
    };
    line.serveOne((endpoint, lane) => {
      const state = stateOf(endpoint);
      return hasRoom(endpoint, state, lane, doubtful) ? occupy(endpoint, state, lane) : null;
    });
  }

  /** Endpoints that are well and idle cost no memory. */
  function forgetIfIdle(endpoint: Endpoint, state: State): void {
    const idle =
      state.inFlight === 0 && state.waiting === 0 && state.nextSlotMs < nowMs() && state.rate.dueMs < nowMs();
    if (state.ramp !== null && !isOver(state.ramp, nowMs())) return;
    if (idle && state.meanLatencyMs < SLOW_MS && state.breaker.withoutAnswer === 0) states.delete(endpoint.id);
  }

  function countLatency(state: State, durationMs: number): void {
    state.meanLatencyMs =
      state.meanLatencyMs === 0 ? durationMs : state.meanLatencyMs * (1 - LATENCY_WEIGHT) + durationMs * LATENCY_WEIGHT;
  }

  /** The breaker's word, as long as it is open or its probe is under way. */
  function openBreaker(state: State): Wait | null {
    const now = nowMs();
    const verdict = breakerVerdict(state.breaker, now);
    if (verdict.kind !== 'open') return null;
    // How a probe ends is known soon; its lease is only for one that never does.
    const probing = state.breaker.openUntil !== null && now >= state.breaker.openUntil;
    const untilMs = probing ? Math.min(verdict.until, now + PROBE_POLL_MS) : verdict.until;
    return { reason: 'breaker', untilMs: untilMs + random() * Math.min(SPREAD * (untilMs - now), LONGEST_SPREAD_MS) };
  }

  return {
    isHealthy(endpoint) {
      const state = knownStateOf(endpoint);
      if (state === undefined) return true;
      return state.meanLatencyMs < SLOW_MS && breakerVerdict(state.breaker, nowMs()).kind === 'closed';
    },
    tryTake(endpoint, lane = 'first') {
      const state = stateOf(endpoint);
      return state.waiting === 0 && hasRoom(endpoint, state, lane) ? occupy(endpoint, state, lane) : null;
    },
    take(endpoint, waitMs, lane = 'first') {
      const now = this.tryTake(endpoint, lane);
      if (now !== null) return Promise.resolve(now);
      const state = stateOf(endpoint);
      if (!isWithinRate(endpoint, state)) return Promise.resolve(null);
      return new Promise((resolve) => {
        const serve = (slot: Slot) => {
          clearTimeout(timer);
          state.waiting -= 1;
          resolve(slot);
        };
        const until = performance.now() + PROCESS_WAIT_MS;
        const giveUp = () => {
          const waitsForProcess = state.inFlight < endpoint.maxInFlight && !isCrowdedOut(state);
          if (waitsForProcess && isWithinRate(endpoint, state) && performance.now() < until) {
            timer = setTimeout(giveUp, waitMs);
            return;
          }
          leaveLine();
          state.waiting -= 1;
          forgetIfIdle(endpoint, state);
          resolve(null);
        };
        let timer = setTimeout(giveUp, waitMs);
        state.waiting += 1;
        const leaveLine = line.join(endpoint, lane, serve);
      });
    },
    breakerWait(endpoint) {
      const state = stateOf(endpoint);
      const wait = openBreaker(state);
      if (wait === null && state.breaker.openUntil !== null) state.breaker = startProbe(state.breaker, nowMs());
      return wait;
    },
    waitBefore(endpoint) {
      const state = knownStateOf(endpoint);
      if (state === undefined) return null;
      const isFull = state.inFlight >= endpoint.maxInFlight || !isWithinRate(endpoint, state) || isCrowdedOut(state);
      return openBreaker(state) ?? (isFull ? this.reserve(endpoint) : null);
    },
    comeBack(endpoint) {
      return openBreaker(stateOf(endpoint)) ?? this.reserve(endpoint);
    },
    reserve(endpoint) {
      const state = stateOf(endpoint);
      if (state.ramp !== null && !mayGoOnRamp(state.ramp, nowMs())) {
        const turn = nextTurnOnRamp(state.ramp, nowMs());
        state.ramp = turn.ramp;
        return { reason: 'ramp', untilMs: turn.atMs };
      }
      if (endpoint.rateLimitPerS !== null && !mayGo(state.rate, endpoint.rateLimitPerS, nowMs())) {
        const turn = nextTurn(state.rate, endpoint.rateLimitPerS, nowMs());
        state.rate = turn.rate;
        return { reason: 'rate_limit', untilMs: turn.atMs };
      }
      const reserved = reserveSlot({
        now: nowMs(),
        next: state.nextSlotMs,
        latencyMs: Math.max(state.meanLatencyMs, isCrowdedOut(state) ? CROWDED_OUT_MS : 1),
        cap: endpoint.maxInFlight,
      });
      state.nextSlotMs = reserved.next;
      return { reason: 'in_flight_limit', untilMs: reserved.at };
    },
    answered(endpoint, durationMs) {
      const state = stateToldOf(endpoint);
      if (state === null) return;
      countLatency(state, durationMs);
      state.sinceAnswer = 0;
      state.answeredAtMs = nowMs();
      if (state.breaker.openUntil !== null) state.ramp = startRamp(nowMs());
      state.breaker = recordAnswer(state.breaker);
    },
    unanswered(endpoint, durationMs) {
      const state = stateToldOf(endpoint);
      if (state === null) return;
      countLatency(state, durationMs);
      state.breaker = recordNoAnswer(state.breaker, nowMs());
    },
    stillWaiting(endpoint, durationMs) {
      const state = stateToldOf(endpoint);
      if (state === null) return;
      state.meanLatencyMs = Math.max(state.meanLatencyMs, durationMs);
    },
    inFlight: () => room.total,
  };
}
