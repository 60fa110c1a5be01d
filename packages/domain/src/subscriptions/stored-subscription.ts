import { z } from 'zod';
import { retryPolicySchema } from '../deliveries/retry-policy.ts';
import { headerNameFault, isHeaderValue } from './header-names.ts';

/** Told apart from a name that is only reserved: that one can be sent, and the gateway's own headers win. */
const isSendableName = (name: string) => headerNameFault(name, 'headers') !== NOT_A_NAME;
const NOT_A_NAME = headerNameFault('', 'headers');

const headerValue = z.string().refine(isHeaderValue);

/**
 * What a stored subscription needs so that anything can be sent by it: less than the API asks of a new one, because rules may
 * have become stricter since it was stored.
 */
const sendable = z.object({
  url: z.string().refine((url) => ['http:', 'https:'].includes(URL.parse(url)?.protocol ?? '')),
  event_types: z.array(z.string()),
  status: z.enum(['enabled', 'disabled']),
  authentication: z.discriminatedUnion('type', [
    z.object({ type: z.literal('none') }),
    z.object({ type: z.literal('basic'), username: z.string(), password: z.string() }),
    z.object({ type: z.literal('bearer'), token: headerValue }),
    z.object({ type: z.literal('header'), name: z.string().refine(isSendableName), value: headerValue }),
  ]),
  headers: z.record(z.string().refine(isSendableName), headerValue),
  event_style: z.enum(['snake_case', 'dotted']),
  success: z.enum(['2xx', '200', 'echo']),
  retry_policy: retryPolicySchema,
  max_in_flight: z.int().min(1),
  rate_limit_per_s: z.number().positive().nullable(),
  timeout_ms: z.int().min(1),
});

/**
 * The fields of a stored subscription that make it impossible to deliver by it, such as a URL that is none; empty when it is
 * well. Never says what is in them.
 */
export function unusableFields(stored: object): string[] {
  const { error } = sendable.safeParse(stored);
  return [...new Set((error?.issues ?? []).map(({ path }) => String(path[0])))];
}
