import fc from 'fast-check';
import { z } from 'zod';
import { decodeCursor, encodeCursor, pagedList } from '../index.ts';

const events = pagedList('events');
const query = z.strictObject(events.query);

describe('lists', () => {
  it('begin at the newest with 20 items', () => {
    expect(events.request(query.parse({}))).toEqual({ limit: 20, after: null });
  });

  it('go on after the id in the cursor', () => {
    const cursor = encodeCursor('events', 'evt_42');
    expect(cursor).not.toContain('evt');
    expect(events.request(query.parse({ limit: '100', cursor }))).toEqual({ limit: 100, after: 'evt_42' });
  });

  it.each([
    { limit: '0' },
    { limit: '101' },
    { limit: '1.5' },
    { limit: '' },
    { limit: '1e1' },
    { cursor: '' },
    { cursor: '!' },
    // Of another list, also one whose name begins alike; and of none.
    { cursor: encodeCursor('deliveries', 'dlv_42') },
    { cursor: encodeCursor('event', 'evt_42') },
    { cursor: encodeCursor('events/more', 'evt_42') },
    { cursor: Buffer.from('evt_42').toString('base64url') },
  ])('refuse %j', (wrong) => {
    expect(query.safeParse(wrong).success).toBe(false);
  });

  it('decode only cursors that they made', () => {
    const id = fc.stringMatching(/^[A-Za-z0-9_.:-]{1,128}$/);
    fc.assert(fc.property(id, (text) => expect(decodeCursor('a', encodeCursor('a', text))).toBe(text)));
    fc.assert(fc.property(id, (text) => expect(decodeCursor('b', encodeCursor('a', text))).toBeUndefined()));
    fc.assert(
      fc.property(fc.string(), (text) => {
        const decoded = decodeCursor('a', text);
        expect(decoded === undefined || encodeCursor('a', decoded) === text).toBe(true);
      }),
    );
    expect(decodeCursor('a', encodeCursor('a', '{"$gt":""}'))).toBeUndefined();
  });

  it('answer with the items and the next cursor', () => {
    expect(events.body({ items: [1, 2], next: 'evt_2' }, (item) => ({ item }))).toEqual({
      data: [{ item: 1 }, { item: 2 }],
      next_cursor: encodeCursor('events', 'evt_2'),
    });
    expect(events.body({ items: [], next: null }, String)).toEqual({ data: [], next_cursor: null });
  });
});
