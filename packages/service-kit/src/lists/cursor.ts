import { z } from 'zod';

const MAX_LIMIT = 100;
const DEFAULT_LIMIT = 20;
const CURSOR_ID = /^[A-Za-z0-9_.:-]{1,128}$/;

/** What a repository takes: the page after the item `after`. */
interface PageRequest {
  limit: number;
  after: string | null;
}

/**
 * One list of the API, as pages. Its cursors name it: one that was made by another list is refused, since the ids of one kind
 * would say something wrong, or nothing, in the order of another.
 */
export function pagedList(name: string) {
  return {
    /** The query parameters of the list: spread them into a route's `query`. */
    query: { limit: limitField, cursor: cursorField(name).optional() },
    request(query: { limit: number; cursor?: string | undefined }): PageRequest {
      return { limit: query.limit, after: query.cursor ?? null };
    },
    /** What the list answers, from a repository's page. */
    body<T, B>(
      page: { items: readonly T[]; next: string | null },
      toBody: (item: T) => B,
    ): { data: B[]; next_cursor: string | null } {
      return { data: page.items.map(toBody), next_cursor: page.next === null ? null : encodeCursor(name, page.next) };
    },
  };
}

/** The opaque cursor for the page after the item with this id. */
export function encodeCursor(list: string, id: string): string {
  return Buffer.from(`${list}/${id}`).toString('base64url');
}

/** The id in a cursor, or undefined if this list never made such a cursor. */
export function decodeCursor(list: string, cursor: string): string | undefined {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (!text.startsWith(`${list}/`)) return undefined;
  const id = text.slice(list.length + 1);
  return CURSOR_ID.test(id) && encodeCursor(list, id) === cursor ? id : undefined;
}

const limitField = z
  .string()
  .regex(/^\d+$/, `Must be a whole number from 1 to ${MAX_LIMIT}.`)
  .transform((digits) => Math.min(Number(digits), Number.MAX_SAFE_INTEGER))
  .pipe(z.number().min(1).max(MAX_LIMIT))
  .prefault(String(DEFAULT_LIMIT));

function cursorField(list: string) {
  return z
    .string()
    .max(256)
    .transform((cursor, context) => {
      const id = decodeCursor(list, cursor);
      if (id !== undefined) return id;
      context.addIssue({ code: 'custom', message: 'Not a cursor of this list.' });
      return z.NEVER;
    });
}
