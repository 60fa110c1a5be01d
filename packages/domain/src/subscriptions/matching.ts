import { z } from 'zod';
import { EVENT_TYPE_NAMES, resolveEventType } from '../events/event-type-names.ts';
import type { EventType } from '../events/event-types.ts';

/** Everything, types that are added later included. */
const EVERYTHING = '*';

const MAX_PATTERN_LENGTH = 64;

/**
 * One entry of `event_types`: a canonical name, any accepted spelling of it (001.5), `*`, or a prefix that ends at a
 * separator, such as `payment_*`, `dispute.*` or `subscription_status_*`.
 */
export const eventTypePatternSchema = z
  .string()
  .max(MAX_PATTERN_LENGTH)
  .refine((pattern) => canonicalPattern(pattern) !== null, {
    error: 'Names no event type; GET /v1/event-types lists them. "*" and prefixes such as "payment_*" work too.',
  });

/**
 * Prepares a list of patterns for matching: one look-up per event. Stored patterns were valid when they were stored; one
 * whose type has since left the catalogue matches nothing.
 */
export function compileEventTypes(patterns: readonly string[]): (type: EventType) => boolean {
  const wanted = new Set(canonicalPatterns(patterns).flatMap(typesOf));
  return (type) => wanted.has(type);
}

/** The same patterns in canonical spelling, each once, in the order given; those that mean nothing are left out. */
export function canonicalPatterns(patterns: readonly string[]): string[] {
  return [...new Set(patterns.map(canonicalPattern))].filter((pattern) => pattern !== null);
}

/** `payment.*` becomes `payment_*`, `payment.completed` becomes `payment_succeeded`; null when it names no type. */
function canonicalPattern(pattern: string): string | null {
  if (pattern === EVERYTHING) return EVERYTHING;
  if (!pattern.endsWith(EVERYTHING)) return resolveEventType(pattern) ?? null;
  const prefixed = pattern.replace('.', '_');
  const endsAtSeparator = prefixed.endsWith('_*');
  return endsAtSeparator && typesOf(prefixed).length > 0 ? prefixed : null;
}

function typesOf(canonical: string): EventType[] {
  if (!canonical.endsWith(EVERYTHING)) return EVENT_TYPE_NAMES.filter((type) => type === canonical);
  const prefix = canonical.slice(0, -EVERYTHING.length);
  return EVENT_TYPE_NAMES.filter((type) => type.startsWith(prefix));
}
