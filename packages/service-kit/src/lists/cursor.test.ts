import fc from 'fast-check';
import { z } from 'zod';
import { decodeCursor, encodeCursor, listBody, listQuery, pageRequestOf } from '../index.ts';

const query = z.strictObject(listQuery);

describe('lists', () => {
  it('begin at the newest with 20 items', () => {
    expect(pageRequestOf(query.parse({}))).toEqual({ limit: 20, after: null });
  });

  it('go on after the id in the cursor', () => {
    const cursor = encodeCursor('evt_42');
    expect(cursor).not.toContain('evt');
    expect(pageRequestOf(query.parse({ limit: '100', cursor }))).toEqual({ limit: 100, after: 'evt_42' });
  });

  it.each([
    { limit: '0' },
    { limit: '101' },
    { limit: '1.5' },
    { limit: '' },
    { limit: '1e1' },
    { cursor: '' },
    { cursor: '!' },
  ])('refuse %j', (wrong) => {
    expect(query.safeParse(wrong).success).toBe(false);
  });

  it('decode only cursors that they made', () => {
    const id = fc.stringMatching(/^[A-Za-z0-9_.:-]{1,128}$/);
    fc.assert(fc.property(id, (text) => expect(decodeCursor(encodeCursor(text))).toBe(text)));
    fc.assert(
      fc.property(fc.string(), (text) => {
        const decoded = decodeCursor(text);
        expect(decoded === undefined || encodeCursor(decoded) === text).toBe(true);
      }),
    );
    expect(decodeCursor(encodeCursor('{"$gt":""}'))).toBeUndefined();
  });

  it('answer with the items and the next cursor', () => {
    expect(listBody({ items: [1, 2], next: 'evt_2' }, (item) => ({ item }))).toEqual({
      data: [{ item: 1 }, { item: 2 }],
      next_cursor: encodeCursor('evt_2'),
    });
    expect(listBody({ items: [], next: null }, String)).toEqual({ data: [], next_cursor: null });
  });
});
