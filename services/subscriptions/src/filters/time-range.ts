import { type FieldFault, ProblemError, problems } from '@owngateway/service-kit';
import { z } from 'zod';

/** A moment as callers write it. */
export const momentField = z.iso
  .datetime({ offset: true, error: 'Must be an RFC 3339 time, such as 2026-11-01T00:00:00Z.' })
  .transform((text) => new Date(text));

/** The query fields `since` (inclusive) and `until` (exclusive) of a list; read them with `timeRangeOf`. */
export const timeRange = { since: momentField.optional(), until: momentField.optional() };

interface TimeRange {
  since?: Date | undefined;
  until?: Date | undefined;
}

/** What is wrong with the two together: a range that ends before it has begun holds nothing, whatever was meant. */
export function faultsOfRange({ since, until }: TimeRange): FieldFault[] {
  if (since === undefined || until === undefined || until > since) return [];
  return [{ field: 'until', code: 'not_after_since', message: 'Must be later than since.' }];
}

/** The range that a list was asked for. 400 when it holds nothing. */
export function timeRangeOf({ since, until }: TimeRange): TimeRange {
  const errors = faultsOfRange({ since, until });
  if (errors.length > 0) throw new ProblemError(problems.invalid_parameter, { detail: 'Not valid: until', errors });
  return { since, until };
}
