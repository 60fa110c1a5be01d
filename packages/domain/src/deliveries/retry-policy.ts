import { z } from 'zod';

/** Names of the published policies (000.20, 001.17-18). */
export type NamedRetryPolicy = 'three-retries' | 'exponential-24h';

/** How a subscription wants failed attempts repeated; `delays_s` is an explicit schedule (003.18). */
export type RetryPolicy = NamedRetryPolicy | { delays_s: number[] };

/** The policy of a subscription that names none (001.17). */
export const DEFAULT_RETRY_POLICY: NamedRetryPolicy = 'exponential-24h';

const MAX_DELAYS = 50;
const MAX_DELAY_S = 86_400;
const MAX_TOTAL_DELAY_S = 7 * 86_400;

const explicitSchedule = z.strictObject({
  delays_s: z
    .array(z.int().min(1).max(MAX_DELAY_S))
    .min(1)
    .max(MAX_DELAYS)
    .refine((delays) => delays.reduce((total, delay) => total + delay, 0) <= MAX_TOTAL_DELAY_S, {
      error: 'The delays may add up to at most 604800 s (7 days).',
    }),
});

/** A retry policy as the API takes it: a published name, or 1 to 50 delays of 1 s to 24 h, in all at most 7 days. */
export const retryPolicySchema = z.union([z.enum(['three-retries', 'exponential-24h']), explicitSchedule], {
  error: 'Must be "three-retries", "exponential-24h" or {"delays_s": [...]} with 1 to 50 delays in seconds.',
});
