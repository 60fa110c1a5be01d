import { z } from 'zod';
import { DEFAULT_RETRY_POLICY, retryPolicySchema } from '../deliveries/retry-policy.ts';
import { headerNameFault, isHeaderValue } from './header-names.ts';
import { eventTypePatternSchema } from './matching.ts';
import { tlsSchema } from './tls-schema.ts';

const MAX_HEADERS = 20;

/** An id that the platform chooses, of a merchant, portfolio or reseller. */
export const ownerIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, { error: 'Has 1 to 64 letters, digits, _ or -.' });

/** Who owns a subscription (003.5). */
export const ownerSchema = z.strictObject({ level: z.enum(['merchant', 'portfolio', 'reseller']), id: ownerIdSchema });

const headerValue = z.string().max(1_024).refine(isHeaderValue, {
  error: 'Must be visible ASCII, without line breaks and without spaces at its ends.',
});

const credentialText = z
  .string()
  .min(1)
  .max(512)
  .regex(/^\P{Cc}+$/u, { error: 'Must not hold control characters.' });

/** Extra proof beside the signature (002.13, 003.13-15); secret parts are write-only. */
export const authenticationSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({
    type: z.literal('basic'),
    // A colon ends the user-id (RFC 7617, 2).
    username: credentialText.regex(/^[^:]*$/, { error: 'Must not hold a colon.' }),
    password: credentialText,
  }),
  z.strictObject({ type: z.literal('bearer'), token: z.string().regex(/^[\x21-\x7e]{1,4096}$/) }),
  z.strictObject({
    type: z.literal('header'),
    name: z.string().superRefine((name, context) => {
      const fault = headerNameFault(name, 'authentication');
      if (fault !== null) context.addIssue({ code: 'custom', message: fault });
    }),
    value: headerValue,
  }),
]);

/** The merchant's own headers; names are compared without regard to case, as HTTP does. */
const headersSchema = z.record(z.string(), headerValue).superRefine((headers, context) => {
  const names = Object.keys(headers);
  if (names.length > MAX_HEADERS) {
    context.addIssue({ code: 'custom', message: `At most ${MAX_HEADERS} headers can be set.` });
    return;
  }
  const seen = new Set<string>();
  for (const name of names) {
    const fault = headerNameFault(name, 'headers') ?? (seen.has(name.toLowerCase()) ? 'Is given twice.' : null);
    if (fault !== null) context.addIssue({ code: 'custom', path: [name], message: fault });
    seen.add(name.toLowerCase());
  }
});

/** The fields that can be changed later, without defaults: what is left out of a change stays as it is. */
const changeable = {
  /** Any path and query (003.3); whether it may be called is decided by the guarded client, not here. */
  url: z.string().min(1).max(2_048),
  description: z.string().max(500).nullable(),
  event_types: z.array(eventTypePatternSchema).min(1).max(100),
  authentication: authenticationSchema,
  headers: headersSchema,
  /** Replaced as a whole: what is left out of it is gone. */
  tls: tlsSchema,
  event_style: z.enum(['snake_case', 'dotted']),
  success: z.enum(['2xx', '200', 'echo']),
  retry_policy: retryPolicySchema,
  max_in_flight: z.int().min(1).max(200),
  rate_limit_per_s: z.int().min(1).max(1_000).nullable(),
  timeout_ms: z.int().min(1_000).max(30_000),
  /** Null: never. At most 30 days. */
  auto_disable: z.strictObject({ after_failing_for_s: z.int().min(1).max(2_592_000) }).nullable(),
};

/** What a subscription is when its owner says no more than where and what. */
export const SUBSCRIPTION_DEFAULTS = {
  max_in_flight: 20,
  timeout_ms: 15_000,
  /** Five days. */
  auto_disable: { after_failing_for_s: 432_000 },
} as const;

/** The body of `POST /v1/subscriptions` (001.10-11, 003.7): `url` and `event_types` are required, nothing unknown is taken. */
export const createSubscriptionSchema = z.strictObject({
  ...changeable,
  /** The token's owner unless an operator, or a token above it, names another. */
  owner: ownerSchema.optional(),
  description: changeable.description.default(null),
  authentication: changeable.authentication.default({ type: 'none' }),
  headers: changeable.headers.default({}),
  tls: changeable.tls.default(null),
  signing: z.strictObject({ scheme: z.literal('hmac-sha256') }).default({ scheme: 'hmac-sha256' }),
  event_style: changeable.event_style.default('snake_case'),
  success: changeable.success.default('2xx'),
  retry_policy: changeable.retry_policy.default(DEFAULT_RETRY_POLICY),
  max_in_flight: changeable.max_in_flight.default(SUBSCRIPTION_DEFAULTS.max_in_flight),
  rate_limit_per_s: changeable.rate_limit_per_s.default(null),
  timeout_ms: changeable.timeout_ms.default(SUBSCRIPTION_DEFAULTS.timeout_ms),
  auto_disable: changeable.auto_disable.default(SUBSCRIPTION_DEFAULTS.auto_disable),
});

/** The body of `PATCH /v1/subscriptions/{id}`. The owner never changes; status and secrets have calls of their own. */
export const patchSubscriptionSchema = z.strictObject(changeable).partial();

export type CreateSubscriptionBody = z.output<typeof createSubscriptionSchema>;
export type PatchSubscriptionBody = z.output<typeof patchSubscriptionSchema>;
