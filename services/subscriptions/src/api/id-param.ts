import type { IdPrefix } from '@owngateway/domain';
import { z } from 'zod';

/** The `:id` of a path; anything that cannot be such an id answers 404 before a store is asked. */
export function idParam(prefix: IdPrefix) {
  return { id: z.string().regex(new RegExp(`^${prefix}_[0-9a-f]{32}$`)) };
}
