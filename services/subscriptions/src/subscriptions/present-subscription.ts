import type { AuthenticationRecord, SubscriptionRecord } from '@owngateway/store';
import { z } from 'zod';
import { unreadableFields } from '../api/unreadable-fields.ts';
import { presentTls, tlsBody } from './tls-rule.ts';

const authenticationBody = z.discriminatedUnion('type', [
  z.object({ type: z.literal('none') }),
  z.object({ type: z.literal('basic'), username: z.string() }),
  z.object({ type: z.literal('bearer') }),
  z.object({ type: z.literal('header'), name: z.string() }),
]);

/** A subscription as the API shows it, without any secret. */
export const subscriptionBody = z.object({
  id: z.string(),
  owner: z.object({ level: z.enum(['merchant', 'portfolio', 'reseller']), id: z.string() }),
  url: z.string(),
  description: z.string().nullable(),
  event_types: z.array(z.string()),
  status: z.enum(['enabled', 'disabled']),
  status_reason: z.string().nullable(),
  authentication: authenticationBody,
  headers: z.record(z.string(), z.string()),
  tls: tlsBody,
  signing: z.object({ scheme: z.literal('hmac-sha256') }),
  event_style: z.enum(['snake_case', 'dotted']),
  success: z.enum(['2xx', '200', 'echo']),
  retry_policy: z.union([z.enum(['three-retries', 'exponential-24h']), z.object({ delays_s: z.array(z.int()) })]),
  max_in_flight: z.int(),
  rate_limit_per_s: z.number().nullable(),
  timeout_ms: z.int(),
  unreadable: unreadableFields,
  auto_disable: z.object({ after_failing_for_s: z.int() }).nullable(),
  failing_since: z.iso.datetime().nullable().describe('When an attempt failed first, while none has succeeded since'),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

/** The answer to the creation: the one time that the secret is shown unasked (001.11). */
export const createdSubscriptionBody = subscriptionBody.extend({ secret: z.string() });

export function presentSubscription(record: SubscriptionRecord): z.output<typeof subscriptionBody> {
  return {
    id: record._id,
    owner: { level: record.owner.level, id: record.owner.id },
    url: record.url,
    description: record.description,
    event_types: record.event_types,
    status: record.status,
    status_reason: record.status_reason,
    authentication: presentAuthentication(record.authentication),
    headers: record.headers,
    tls: presentTls(record.tls),
    signing: { scheme: record.signing.scheme },
    event_style: record.event_style,
    success: record.success,
    retry_policy: record.retry_policy,
    max_in_flight: record.max_in_flight,
    rate_limit_per_s: record.rate_limit_per_s,
    timeout_ms: record.timeout_ms,
    ...(record.unreadable && { unreadable: [...record.unreadable] }),
    auto_disable: record.auto_disable,
    failing_since: record.failing_since?.toISOString() ?? null,
    created_at: record.created_at.toISOString(),
    updated_at: record.updated_at.toISOString(),
  };
}

/** Passwords, tokens and header values are write-only (003.14): left out, so that an answer can be sent back as a PATCH. */
function presentAuthentication(authentication: AuthenticationRecord): z.output<typeof authenticationBody> {
  switch (authentication.type) {
    case 'none':
    case 'bearer':
      return { type: authentication.type };
    case 'basic':
      return { type: 'basic', username: authentication.username };
    case 'header':
      return { type: 'header', name: authentication.name };
  }
}
