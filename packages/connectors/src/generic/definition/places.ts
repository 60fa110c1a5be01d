import { z } from 'zod';
import { parsePath } from '../path.ts';
import { HEADER_NAME, parseSource } from '../source.ts';

const MAX_LENGTH = 300;

/** A path within JSON, such as `data.items`. */
export const pathText = z
  .string()
  .max(MAX_LENGTH, { abort: true })
  .refine((text) => parsePath(text) !== null, { error: 'is a path such as data.items[0]["a.b"]' });

/** Where a value stands. */
export const sourceText = z
  .string()
  .max(MAX_LENGTH, { abort: true })
  .refine((text) => parseSource(text) !== null, {
    error: 'is a path such as data.items[0]["a.b"], header:x-name, or several of them with | between',
  });

/** A header’s name; kept in lower case. */
export const headerName = z.string().regex(HEADER_NAME, 'is the name of a header').toLowerCase();

/** How a time is written. */
export const timeUnit = z.enum(['s', 'ms', 'iso8601']);
