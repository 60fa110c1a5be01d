import fc from 'fast-check';
import { deliveryIdOf, deliveryIdRangeOf, newId, timeOfId } from './ids.ts';

describe('ids', () => {
  test('are a prefix and 32 hex digits, and later ones sort after earlier ones', () => {
    const ids = Array.from({ length: 1_000 }, () => newId('evt'));
    expect(ids.every((id) => /^evt_[0-9a-f]{32}$/.test(id))).toBe(true);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('tell when they were made', () => {
    const before = Date.now();
    const at = timeOfId(newId('evt')).getTime();
    expect(at).toBeGreaterThanOrEqual(before);
    expect(at).toBeLessThanOrEqual(Date.now());
  });

  test('the delivery of one event to one recipient has one id, and other pairs have others', () => {
    const [first, second] = [newId('evt'), newId('evt')];
    expect(deliveryIdOf(first, 'sub_a')).toBe(deliveryIdOf(first, 'sub_a'));
    expect(deliveryIdOf(first, 'sub_a')).toMatch(/^dlv_[0-9a-f]{32}$/);
    const pairs = [
      deliveryIdOf(first, 'sub_a'),
      deliveryIdOf(first, 'sub_b'),
      deliveryIdOf(second, 'sub_a'),
      deliveryIdOf(second, 'sub_b'),
    ];
    expect(new Set(pairs).size).toBe(4);
  });

  test('every delivery of an event lies in its range', () => {
    const eventId = newId('evt');
    const { from, to } = deliveryIdRangeOf(eventId);
    fc.assert(
      fc.property(fc.string(), (recipient) => {
        const id = deliveryIdOf(eventId, recipient);
        expect(id >= from && id < to).toBe(true);
      }),
    );
  });
});
