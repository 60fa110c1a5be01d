import type { Page, PageRequest } from '../page.ts';

const MAX_LIMIT = 100;

/** Reads one record more than asked for, to know whether there is a next page. Throws RangeError for a limit outside 1-100. */
export async function readPage<T extends { _id: string }>(
  { limit }: PageRequest,
  read: (count: number) => Promise<T[]>,
): Promise<Page<T>> {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)
    throw new RangeError(`A page has 1-${MAX_LIMIT} items`);
  const items = await read(limit + 1);
  if (items.length <= limit) return { items, next: null };
  items.length = limit;
  return { items, next: items.at(-1)?._id ?? null };
}

/** The page of a list that can have nothing in it, such as one filtered by a merchant out of reach. */
export const EMPTY_PAGE = { items: [], next: null } as const;
