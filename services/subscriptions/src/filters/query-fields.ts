import { ownerIdSchema, resolveEventType } from '@owngateway/domain';
import { z } from 'zod';

/** An event type in any accepted spelling (001.5), as its canonical name. */
export const eventTypeField = z.string().transform((name, context) => {
  const type = resolveEventType(name);
  if (type !== undefined) return type;
  context.addIssue({ code: 'custom', message: 'Names no event type; GET /v1/event-types lists them.' });
  return z.NEVER;
});

export const merchantIdField = ownerIdSchema;

/** Some id of ours; one that does not exist matches nothing. */
export const idField = z.string().regex(/^[a-z]{3,4}_[0-9a-f]{32}$/, 'Not an id.');
