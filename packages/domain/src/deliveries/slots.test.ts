import fc from 'fast-check';
import { reserveSlot } from './slots.ts';

const NOW = 1_793_534_400_000;

describe('reserveSlot', () => {
  test('the first that waits comes back when an attempt in flight can have ended', () => {
    expect(reserveSlot({ now: NOW, next: 0, latencyMs: 200, cap: 5 })).toEqual({ at: NOW + 200, next: NOW + 200 });
  });

  test('those behind it follow as places become free', () => {
    let next = 0;
    const waits: number[] = [];
    for (let i = 0; i < 4; i += 1) {
      const slot = reserveSlot({ now: NOW, next, latencyMs: 200, cap: 5 });
      waits.push(slot.at - NOW);
      next = slot.next;
    }
    expect(waits).toEqual([200, 240, 280, 320]);
  });

  test('an old reservation does not make anybody wait', () => {
    expect(reserveSlot({ now: NOW, next: NOW - 60_000, latencyMs: 10, cap: 1 }).at).toBe(NOW + 10);
  });

  test('slots are never handed out faster than the cap allows, nor before now', () => {
    const steps = fc.array(fc.record({ afterMs: fc.nat(500), latencyMs: fc.integer({ min: 1, max: 30_000 }) }), {
      minLength: 1,
      maxLength: 50,
    });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 200 }), (requests, cap) => {
        let now = NOW;
        let next = 0;
        for (const { afterMs, latencyMs } of requests) {
          now += afterMs;
          const slot = reserveSlot({ now, next, latencyMs, cap });
          expect(slot.at).toBeGreaterThanOrEqual(now + latencyMs);
          expect(slot.next).toBeGreaterThanOrEqual(next + latencyMs / cap);
          next = slot.next;
        }
      }),
    );
  });
});
