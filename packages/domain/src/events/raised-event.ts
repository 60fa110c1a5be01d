import { z } from 'zod';
import { ownerIdSchema } from '../subscriptions/subscription-schema.ts';
import type { NormalisedEvent } from './event.ts';
import { EVENT_TYPE_NAMES, eventTypeAliases, resolveEventType } from './event-type-names.ts';
import { objectTypesOf } from './object-schema.ts';

const MAX_METADATA_ENTRIES = 50;
const MAX_PREVIOUS_DEPTH = 8;
const MAX_PREVIOUS_CHARACTERS = 16_384;

const reference = z.string().min(1).max(255).nullable().default(null);

const typeSchema = z
  .enum(
    EVENT_TYPE_NAMES.flatMap((type) => [type, ...eventTypeAliases(type)]),
    {
      error: 'Names no event type; GET /v1/event-types lists them.',
    },
  )
  .transform((name, context) => {
    const type = resolveEventType(name);
    if (type !== undefined) return type;
    context.addIssue({ code: 'custom', message: 'Names no event type.' });
    return z.NEVER;
  });

const metadataSchema = z
  .record(z.string().regex(/^\P{Cc}{1,64}$/u), z.string().max(500))
  .refine((metadata) => Object.keys(metadata).length <= MAX_METADATA_ENTRIES, {
    error: `At most ${MAX_METADATA_ENTRIES} entries.`,
  });

const raisedObjectSchema = z.strictObject({
  connector_reference: reference,
  payment_reference: reference,
  merchant_reference: reference,
  amount_minor: z.int().nullable().default(null),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, { error: 'Must be an ISO 4217 code: three upper-case letters.' })
    .nullable()
    .default(null),
  status: z.string().min(1).max(64),
  detail: z.string().min(1).max(255).nullable().default(null),
  customer: reference,
  metadata: metadataSchema.default({}),
});

const previousSchema = z
  .record(z.string().min(1).max(64), z.unknown())
  .refine((previous) => isWithinDepth(previous, MAX_PREVIOUS_DEPTH) && isShort(previous), {
    error: `At most ${MAX_PREVIOUS_CHARACTERS} characters of JSON, nested at most ${MAX_PREVIOUS_DEPTH} deep.`,
  });

/** One item of `POST /v1/events`: what the platform itself says happened, such as a status changed by hand (003.9). */
export const raisedEventSchema = z
  .strictObject({
    merchant_id: ownerIdSchema,
    /** Any accepted spelling; comes out canonical. */
    type: typeSchema,
    occurred_at: z.iso.datetime({ offset: true }).optional(),
    origin: z.enum(['bank', 'processor', 'system']),
    object_type: z.enum(['payment', 'refund', 'dispute', 'customer', 'subscription', 'mandate', 'endpoint']),
    object: raisedObjectSchema,
    previous: previousSchema.nullable().default(null),
    /** Within one merchant, a second event with the same key is a duplicate of the first. */
    idempotency_key: z
      .string()
      .regex(/^[\x21-\x7e]{1,255}$/, { error: 'Must be 1 to 255 visible ASCII characters.' })
      .optional(),
  })
  .superRefine((event, context) => {
    const objectTypes = objectTypesOf(event.type);
    if (objectTypes.includes(event.object_type)) return;
    context.addIssue({
      code: 'custom',
      path: ['object_type'],
      message: `Events of type ${event.type} speak of: ${objectTypes.join(', ')}.`,
    });
  });

/** Several at once: the other form of the body. */
export const raisedEventBatchSchema = z.strictObject({ events: z.array(raisedEventSchema).min(1).max(100) });

export type RaisedEvent = z.output<typeof raisedEventSchema>;

/**
 * The raised event as every other part of the gateway knows events; without `occurred_at` it happened now. A payment
 * that names only itself is its own payment.
 */
export function normaliseRaisedEvent(raised: RaisedEvent, now: Date): NormalisedEvent {
  const { object } = raised;
  const ownReference = raised.object_type === 'payment' ? object.connector_reference : null;
  return {
    type: raised.type,
    origin: raised.origin,
    occurredAt: raised.occurred_at === undefined ? now : new Date(raised.occurred_at),
    objectType: raised.object_type,
    object: { ...object, payment_reference: object.payment_reference ?? ownReference },
    previous: raised.previous,
  };
}

/** Looks no deeper than it allows: JSON that is nested thousands deep must not exhaust the stack. */
function isWithinDepth(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isWithinDepth(inner, depth - 1));
}

function isShort(value: unknown): boolean {
  return JSON.stringify(value).length <= MAX_PREVIOUS_CHARACTERS;
}
