import { settleMicrotasks } from '../../tests/support/fakes.ts';
import type { Endpoint, Endpoints, Slot } from './endpoint.ts';
import { createEndpoints } from './endpoints.ts';

const SLOTS = 40;

let nowMs: number;
let endpoints: Endpoints;

beforeEach(() => {
  jest.useFakeTimers();
  nowMs = 1_000_000;
  endpoints = createEndpoints({ maxInFlight: SLOTS, nowMs: () => nowMs, random: () => 0 });
});
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

const endpoint = (id: string, fields: Partial<Endpoint> = {}): Endpoint => ({
  id,
  version: 1,
  endpointKey: 'a',
  maxInFlight: 20,
  rateLimitPerS: null,
  ...fields,
});

function takeAll(from: Endpoint, lane?: 'first' | 'later'): Slot[] {
  const slots: Slot[] = [];
  for (let slot = endpoints.tryTake(from, lane); slot !== null; slot = endpoints.tryTake(from, lane)) slots.push(slot);
  return slots;
}

describe('endpoints that hang', () => {
  it('fill half of a process at most, before any breaker knows of them', () => {
    for (const id of ['a', 'b', 'c', 'd']) takeAll(endpoint(`hanging_${id}`));
    expect(endpoints.inFlight()).toBeLessThanOrEqual(SLOTS / 2 + 3 * 5);
    const well = endpoint('well');
    expect(takeAll(well).length).toBeGreaterThan(0);
    expect(endpoints.waitBefore(endpoint('hanging_a'))).toMatchObject({ reason: 'in_flight_limit' });
  });

  it('fill no more with more of them once they are known', () => {
    const known = Array.from({ length: 10 }, (_, n) => endpoint(`hanging_${n}`));
    for (const one of known) endpoints.unanswered(one, 15_000);
    for (const one of known) takeAll(one);
    expect(endpoints.inFlight()).toBe(SLOTS / 2);
    // Nothing is known of a new endpoint: it may begin, and has all it wants once it has answered.
    const well = endpoint('well');
    expect(takeAll(well)).toHaveLength(5);
    endpoints.answered(well, 10);
    expect(takeAll(well)).toHaveLength(SLOTS / 2 - 5);
  });

  it('do not wait in memory for each other longer than they are told', async () => {
    const [one, other] = [endpoint('hanging_1'), endpoint('hanging_2')];
    for (const hanging of [one, other]) endpoints.unanswered(hanging, 15_000);
    const held = takeAll(one);
    const waiting = endpoints.take(other, 1_000);
    await jest.advanceTimersByTimeAsync(1_000);
    await expect(waiting).resolves.toBeNull();
    // Not at once again: nothing would have changed.
    expect(endpoints.comeBack(other).untilMs).toBeGreaterThanOrEqual(nowMs + 500);
    held[0]?.release();
    expect(endpoints.tryTake(other)).not.toBeNull();
  });

  it('are well again, and have all of it, once they answer', () => {
    const shop = endpoint('shop', { maxInFlight: 100 });
    expect(takeAll(shop)).toHaveLength(SLOTS / 2);
    endpoints.answered(shop, 50);
    expect(takeAll(shop)).toHaveLength(SLOTS / 2);
    expect(endpoints.inFlight()).toBe(SLOTS);
  });
});

describe('later attempts', () => {
  /** In flight and answering, so that nobody is in doubt. */
  function busy(id: string, count: number, lane: 'first' | 'later'): Slot[] {
    const one = endpoint(id, { maxInFlight: 100 });
    return Array.from({ length: count }, () => {
      endpoints.answered(one, 10);
      return endpoints.tryTake(one, lane);
    }).filter((slot) => slot !== null);
  }

  it('fill a quarter of a busy process at most, and first attempts all of it', () => {
    expect(busy('first', 20, 'first')).toHaveLength(20);
    expect(busy('retried', 40, 'later')).toHaveLength(SLOTS / 4);
    expect(busy('more', 40, 'first')).toHaveLength(SLOTS / 4);
    expect(endpoints.inFlight()).toBe(SLOTS);
  });

  it('fill half of one that does nothing else', () => {
    expect(busy('retried', 40, 'later')).toHaveLength(SLOTS / 2);
  });

  it('are served after first ones that came after them', async () => {
    const held = busy('busy', SLOTS, 'first');
    const served: string[] = [];
    const keep = (name: string) => () => void served.push(name);
    void endpoints.take(endpoint('retried'), 1_000, 'later').then(keep('later'));
    void endpoints.take(endpoint('new'), 1_000).then(keep('first'));
    for (const slot of held) slot.release();
    await settleMicrotasks();
    expect(served).toEqual(['first', 'later']);
  });
});

describe('an endpoint that answers again after its breaker had opened', () => {
  const shop = endpoint('shop', { maxInFlight: 10_000 });

  function comesBack(): void {
    for (let n = 0; n < 5; n += 1) endpoints.unanswered(shop, 10);
    nowMs += 10_000;
    endpoints.breakerWait(shop);
    endpoints.answered(shop, 10);
  }

  /** Sends whatever may go, every 10 ms. */
  function sentWithin(ms: number): number {
    let sent = 0;
    for (const end = nowMs + ms; nowMs < end; nowMs += 10) {
      const slots = takeAll(shop);
      sent += slots.length;
      for (const slot of slots) {
        endpoints.answered(shop, 10);
        slot.release();
      }
    }
    return sent;
  }

  it('gets more and more, not everything at once', () => {
    comesBack();
    const perSecond = Array.from({ length: 12 }, () => sentWithin(1_000));
    expect(perSecond[0]).toBeLessThanOrEqual(8);
    expect(perSecond[11]).toBeGreaterThan(20);
    expect(perSecond[11]).toBeLessThan(30);
  });

  it('tells what waits when its turn is, and why; idleness does not end it', () => {
    comesBack();
    sentWithin(1_000);
    const turns = [endpoints.comeBack(shop), endpoints.comeBack(shop), endpoints.waitBefore(shop)];
    expect(turns.map((turn) => turn?.reason)).toEqual(['ramp', 'ramp', 'ramp']);
    const [first = 0, second = 0] = turns.map((turn) => turn?.untilMs ?? 0);
    expect(second - first).toBeGreaterThan(100);
  });

  it('says so too when it has a rate limit, which is not what holds it back', () => {
    comesBack();
    const limited = endpoint('shop', { rateLimitPerS: 100 });
    while (endpoints.tryTake(limited) !== null);
    expect(endpoints.waitBefore(limited)).toMatchObject({ reason: 'ramp' });
  });

  it('is free after 40 s', () => {
    comesBack();
    nowMs += 40_000;
    expect(takeAll(shop)).toHaveLength(SLOTS / 2);
  });

  it('keeps its own rate limit all the time', () => {
    comesBack();
    nowMs += 30_000;
    const limited = endpoint('shop', { rateLimitPerS: 2 });
    const goes = [10, 10, 10, 10].map((ms) => {
      nowMs += ms;
      return endpoints.tryTake(limited) !== null;
    });
    expect(goes).toEqual([true, true, true, false]);
    expect(endpoints.waitBefore(limited)).toMatchObject({ reason: 'rate_limit' });
  });

  it('of one subscription is nothing to another', () => {
    comesBack();
    expect(takeAll(endpoint('other')).length).toBe(20);
  });
});
