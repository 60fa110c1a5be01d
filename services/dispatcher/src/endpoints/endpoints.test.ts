import { settleMicrotasks } from '../../tests/support/fakes.ts';
import type { Endpoint, Endpoints } from './endpoint.ts';
import { createEndpoints } from './endpoints.ts';

const SHOP: Endpoint = { id: 'sub_1', version: 1, endpointKey: 'a', maxInFlight: 2, rateLimitPerS: null };
const OTHER: Endpoint = { id: 'sub_2', version: 1, endpointKey: 'a', maxInFlight: 2, rateLimitPerS: null };

let nowMs: number;
let endpoints: Endpoints;

beforeEach(() => {
  jest.useFakeTimers();
  nowMs = 1_000_000;
  endpoints = createEndpoints({ maxInFlight: 3, nowMs: () => nowMs, random: () => 0 });
});
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

describe('slots', () => {
  it('are bounded per endpoint and in all, and can be had again once given back', () => {
    const first = endpoints.tryTake(SHOP);
    expect(endpoints.tryTake(SHOP)).not.toBeNull();
    expect(endpoints.tryTake(SHOP)).toBeNull();
    expect(endpoints.tryTake(OTHER)).not.toBeNull();
    expect(endpoints.tryTake(OTHER)).toBeNull();
    expect(endpoints.inFlight()).toBe(3);
    first?.release();
    first?.release();
    first?.ended();
    expect(endpoints.inFlight()).toBe(2);
    expect(endpoints.tryTake(OTHER)).not.toBeNull();
    expect(endpoints.tryTake(OTHER)).toBeNull();
  });

  it('belong to the endpoint until the request ends, and to the process until its result is written', () => {
    const first = endpoints.tryTake(SHOP);
    endpoints.tryTake(SHOP);
    first?.ended();
    expect(endpoints.inFlight()).toBe(2);
    expect(endpoints.tryTake(SHOP)).not.toBeNull();
    expect(endpoints.tryTake(OTHER)).toBeNull();
    first?.release();
    expect(endpoints.tryTake(OTHER)).not.toBeNull();
  });

  it('go to whoever waits, endpoint after endpoint', async () => {
    const held = [endpoints.tryTake(SHOP), endpoints.tryTake(SHOP), endpoints.tryTake(OTHER)];
    const served: string[] = [];
    for (const [name, endpoint] of [
      ['shop 1', SHOP],
      ['shop 2', SHOP],
      ['other 1', OTHER],
    ] as const) {
      void endpoints.take(endpoint, 1_000).then((slot) => {
        served.push(name);
        slot?.release();
      });
    }
    for (const slot of held) {
      slot?.release();
      await settleMicrotasks();
    }
    expect(served).toEqual(['shop 1', 'other 1', 'shop 2']);
    expect(endpoints.inFlight()).toBe(0);
  });

  it('of a full endpoint keep nobody of another one waiting', async () => {
    endpoints.tryTake(SHOP);
    endpoints.tryTake(SHOP);
    const waiting = endpoints.take(SHOP, 50);
    const other = endpoints.tryTake(OTHER);
    const third = endpoints.take(OTHER, 50);
    other?.release();
    await expect(third).resolves.not.toBeNull();
    await jest.advanceTimersByTimeAsync(50);
    await expect(waiting).resolves.toBeNull();
  });

  it('are not waited for beyond the time given while the endpoint itself is full', async () => {
    endpoints.tryTake(SHOP);
    const slot = endpoints.tryTake(SHOP);
    const waiting = endpoints.take(SHOP, 100);
    await jest.advanceTimersByTimeAsync(100);
    expect(await waiting).toBeNull();
    slot?.release();
    expect(endpoints.inFlight()).toBe(1);
    expect(endpoints.tryTake(SHOP)).not.toBeNull();
  });

  it('are waited for longer, but not for ever, while the process is full', async () => {
    const full = [endpoints.tryTake(SHOP), endpoints.tryTake(OTHER), endpoints.tryTake(OTHER)];
    const patient = endpoints.take(SHOP, 100);
    await jest.advanceTimersByTimeAsync(5_000);
    full[1]?.release();
    await expect(patient).resolves.not.toBeNull();
    const hopeless = endpoints.take(SHOP, 100);
    await jest.advanceTimersByTimeAsync(11_000);
    await expect(hopeless).resolves.toBeNull();
  });
});

describe('what is known of an endpoint', () => {
  const isForgotten = () => endpoints.reserve(SHOP).untilMs === nowMs + 1;

  it('is forgotten when it is well and idle, and not before', () => {
    const slot = endpoints.tryTake(SHOP);
    const other = endpoints.tryTake(SHOP);
    endpoints.answered(SHOP, 400);
    slot?.release();
    expect(endpoints.reserve(SHOP).untilMs).toBe(nowMs + 400);
    nowMs += 10_000;
    other?.release();
    expect(isForgotten()).toBe(true);
  });

  it('is forgotten too when somebody gave up waiting for the process to have room', async () => {
    for (let n = 0; n < 3; n++)
      endpoints.tryTake({ id: `full_${n}`, version: 1, endpointKey: 'a', maxInFlight: 1, rateLimitPerS: null });
    const waiting = endpoints.take(SHOP, 100);
    endpoints.answered(SHOP, 400);
    await jest.advanceTimersByTimeAsync(11_000);
    expect(await waiting).toBeNull();
    expect(isForgotten()).toBe(true);
  });

  it('is kept while it is slow or its breaker counts', () => {
    const slot = endpoints.tryTake(SHOP);
    endpoints.unanswered(SHOP, 400);
    slot?.release();
    expect(isForgotten()).toBe(false);
  });
});

describe('reserving', () => {
  it('gives each waiting delivery a time of its own, spread by latency and cap', () => {
    endpoints.answered(SHOP, 400);
    const times = [endpoints.reserve(SHOP), endpoints.reserve(SHOP), endpoints.reserve(SHOP)];
    expect(times.map(({ untilMs }) => untilMs - nowMs)).toEqual([400, 600, 800]);
    expect(times.every(({ reason }) => reason === 'in_flight_limit')).toBe(true);
  });
});

describe('health', () => {
  it('is lost by slowness and comes back with quick answers', () => {
    expect(endpoints.isHealthy(SHOP)).toBe(true);
    const slot = endpoints.tryTake(SHOP);
    endpoints.stillWaiting(SHOP, 1_000);
    expect(endpoints.isHealthy(SHOP)).toBe(false);
    endpoints.answered(SHOP, 1_200);
    slot?.release();
    expect(endpoints.isHealthy(SHOP)).toBe(false);
    endpoints.answered(SHOP, 10);
    expect(endpoints.isHealthy(SHOP)).toBe(true);
  });

  it('of one endpoint is nothing to another', () => {
    endpoints.stillWaiting(SHOP, 5_000);
    expect(endpoints.isHealthy(OTHER)).toBe(true);
  });
});

describe('the breaker', () => {
  const open = () => {
    for (let n = 0; n < 5; n++) endpoints.unanswered(SHOP, 10);
  };

  it('opens after five attempts without any answer, and answers of any status keep it closed', () => {
    for (let n = 0; n < 4; n++) endpoints.unanswered(SHOP, 10);
    endpoints.answered(SHOP, 10);
    for (let n = 0; n < 4; n++) endpoints.unanswered(SHOP, 10);
    expect(endpoints.breakerWait(SHOP)).toBeNull();
    endpoints.unanswered(SHOP, 10);
    expect(endpoints.breakerWait(SHOP)).toEqual({ reason: 'breaker', untilMs: nowMs + 10_000 });
    expect(endpoints.isHealthy(SHOP)).toBe(false);
    expect(endpoints.breakerWait(OTHER)).toBeNull();
  });

  it('lets one probe through, and closes when it is answered', () => {
    open();
    nowMs += 10_000;
    expect(endpoints.breakerWait(SHOP)).toBeNull();
    expect(endpoints.breakerWait(SHOP)).toMatchObject({ reason: 'breaker' });
    endpoints.answered(SHOP, 10);
    expect(endpoints.breakerWait(SHOP)).toBeNull();
    expect(endpoints.isHealthy(SHOP)).toBe(true);
  });

  it('opens for twice as long when the probe fails', () => {
    open();
    nowMs += 10_000;
    endpoints.breakerWait(SHOP);
    endpoints.unanswered(SHOP, 10);
    expect(endpoints.breakerWait(SHOP)).toEqual({ reason: 'breaker', untilMs: nowMs + 20_000 });
  });

  it('keeps its probe for somebody who sends: who only asks when to come back does not use it up', () => {
    open();
    expect(endpoints.comeBack(SHOP)).toEqual({ reason: 'breaker', untilMs: nowMs + 10_000 });
    nowMs += 10_000;
    for (let n = 0; n < 5; n++) expect(endpoints.comeBack(SHOP)).toMatchObject({ reason: 'in_flight_limit' });
    expect(endpoints.breakerWait(SHOP)).toBeNull();
  });
});

describe('what waits for an endpoint', () => {
  const deaf: Endpoint = { id: 'sub_deaf', version: 1, endpointKey: 'a', maxInFlight: 1, rateLimitPerS: null };

  it('is told to come back without using up the probe, spread over a fifth of the wait', () => {
    const spread = createEndpoints({ maxInFlight: 3, nowMs: () => nowMs, random: () => 0.5 });
    expect(spread.waitBefore(deaf)).toBeNull();
    for (let failures = 0; failures < 5; failures += 1) spread.unanswered(deaf, 1);
    expect(spread.waitBefore(deaf)).toEqual({ reason: 'breaker', untilMs: nowMs + 10_000 + 1_000 });
    nowMs += 10_000;
    expect(spread.waitBefore(deaf)).toBeNull();
    expect(spread.waitBefore(deaf)).toBeNull();
    expect(spread.breakerWait(deaf)).toBeNull();
    // Somebody probes now: the others look again soon, not after the lease of a probe that never ends.
    expect(spread.waitBefore(deaf)).toEqual({ reason: 'breaker', untilMs: nowMs + 2_000 + 200 });
  });

  it('is given the next free slot when all are taken', () => {
    endpoints.answered(deaf, 400);
    const slot = endpoints.tryTake(deaf);
    expect(endpoints.waitBefore(deaf)).toEqual({ reason: 'in_flight_limit', untilMs: nowMs + 400 });
    expect(endpoints.waitBefore(deaf)).toEqual({ reason: 'in_flight_limit', untilMs: nowMs + 800 });
    slot?.release();
  });

  it('is given a turn of its own when the rate is used up, without waiting in memory', async () => {
    const limited: Endpoint = { ...SHOP, id: 'sub_limited', maxInFlight: 3, rateLimitPerS: 2 };
    endpoints.tryTake(limited)?.release();
    endpoints.tryTake(limited)?.release();
    expect(endpoints.tryTake(limited)).toBeNull();
    await expect(endpoints.take(limited, 1_000)).resolves.toBeNull();
    expect(endpoints.comeBack(limited)).toEqual({ reason: 'rate_limit', untilMs: nowMs });
    expect(endpoints.comeBack(limited)).toEqual({ reason: 'rate_limit', untilMs: nowMs + 500 });
    nowMs += 500;
    expect(endpoints.waitBefore(limited)).toBeNull();
    expect(endpoints.tryTake(limited)).not.toBeNull();
  });
});

describe('another address, or being enabled by hand', () => {
  const MOVED: Endpoint = { ...SHOP, version: 2, endpointKey: 'b' };
  const open = () => {
    for (let failures = 0; failures < 5; failures++) endpoints.unanswered(SHOP, 15_000);
  };

  it('closes an open breaker at once; what comes then comes on a ramp', () => {
    open();
    expect(endpoints.breakerWait(SHOP)).toMatchObject({ reason: 'breaker' });
    expect(endpoints.breakerWait(MOVED)).toBeNull();
    expect(endpoints.isHealthy(MOVED)).toBe(true);
    const slots = Array.from({ length: 3 }, () => endpoints.tryTake({ ...MOVED, maxInFlight: 3 }));
    expect(slots).toContain(null);
    expect(endpoints.waitBefore(MOVED)).toMatchObject({ reason: 'ramp' });
  });

  it('is not undone by what was under way to the old one, nor by somebody who has not heard of it', () => {
    endpoints.isHealthy(MOVED);
    endpoints.tryTake(MOVED)?.release();
    endpoints.tryTake(MOVED);
    open();
    endpoints.stillWaiting(SHOP, 15_000);
    expect(endpoints.isHealthy(MOVED)).toBe(true);
    expect(endpoints.breakerWait(SHOP)).toBeNull();
  });

  it('is no other change', () => {
    open();
    expect(endpoints.breakerWait({ ...SHOP, version: 2 })).toMatchObject({ reason: 'breaker' });
  });
});
