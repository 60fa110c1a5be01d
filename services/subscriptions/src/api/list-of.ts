import { z } from 'zod';

/** The answer of a list, for the API reference. */
export function listOf(item: z.ZodType) {
  return z.object({ data: z.array(item), next_cursor: z.string().nullable() });
}
