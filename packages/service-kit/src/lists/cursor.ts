import { z } from 'zod';

const MAX_LIMIT = 100;
const DEFAULT_LIMIT = 20;
const CURSOR_ID = /^[A-Za-z0-9_.:-]{1,128}$/;

/** The opaque cursor for the page after the item with this id. */
export function encodeCursor(id: string): string {
  return Buffer.from(id).toString('base64url');
}

/** The id in a cursor, or undefined if we never made such a cursor. */
export function decodeCursor(cursor: string): string | undefined {
  const id = Buffer.from(cursor, 'base64url').toString();
  return CURSOR_ID.test(id) && encodeCursor(id) === cursor ? id : undefined;
}

/** The query parameters of every list: spread them into a route's `query`. */
export const listQuery = {
  limit: z
    .string()
    .regex(/^\d{1,3}$/, 'Must be a whole number.')
    .transform(Number)
    .pipe(z.number().min(1).max(MAX_LIMIT))
    .prefault(String(DEFAULT_LIMIT)),
  cursor: z
    .string()
    .max(256)
    .transform((cursor, context) => {
      const id = decodeCursor(cursor);
      if (id !== undefined) return id;
      context.addIssue({ code: 'custom', message: 'Not a cursor of this list.' });
      return z.NEVER;
    })
    .optional(),
};

/** What a repository takes: the page after the item `after`. */
export function pageRequestOf(query: { limit: number; cursor?: string | undefined }): {
  limit: number;
  after: string | null;
} {
  return { limit: query.limit, after: query.cursor ?? null };
}

/** What a list answers, from a repository's page. */
export function listBody<T, B>(
  page: { items: readonly T[]; next: string | null },
  toBody: (item: T) => B,
): { data: B[]; next_cursor: string | null } {
  return { data: page.items.map(toBody), next_cursor: page.next === null ? null : encodeCursor(page.next) };
}
