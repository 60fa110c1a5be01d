import type { AttemptRecord, DeliveryRecord } from '@owngateway/store';
import { z } from 'zod';

const outcomes = z.enum([
  'delivered',
  'http_error',
  'redirect',
  'timeout',
  'dns_error',
  'tls_error',
  'connection_error',
  'blocked_address',
  'response_too_large',
  'not_confirmed',
]);

const attemptBody = z.object({
  id: z.string(),
  delivery_id: z.string(),
  number: z.int(),
  trigger: z.enum(['first', 'retry', 'replay', 'test']),
  started_at: z.iso.datetime(),
  duration_ms: z.number(),
  outcome: outcomes,
  http_status: z.int().nullable(),
  response_headers: z.record(z.string(), z.string()).nullable(),
  response_body: z.string().nullable(),
  retry_after_s: z.number().nullable(),
  next_attempt_at: z.iso.datetime().nullable(),
  failure: z
    .object({
      reason: z.string(),
      request_sent: z.boolean().describe('The receiver may have got the request and acted on it'),
    })
    .nullable()
    .describe('Why no whole answer came; null when one came'),
});

export const deliveryBody = z.object({
  id: z.string(),
  event_id: z.string(),
  event_type: z.string(),
  merchant_id: z.string().nullable(),
  subscription_id: z.string().nullable(),
  transaction_id: z.string().nullable(),
  url: z.string(),
  status: z.enum(['pending', 'retrying', 'delivered', 'failed', 'cancelled', 'held']),
  attempts_made: z.int().describe('Attempts that ended, over all rounds'),
  next_attempt_at: z.iso.datetime().nullable(),
  held_back_by: z.enum(['breaker', 'in_flight_limit', 'rate_limit', 'ramp']).nullable(),
  last_outcome: outcomes.nullable(),
  created_at: z.iso.datetime(),
  completed_at: z.iso.datetime().nullable(),
  dead_letter: z
    .object({
      reason: z
        .string()
        .describe(
          '`retries_exhausted`; `endpoint_unreachable` when the breaker held it back for longer than its policy goes on; `event_unsendable`',
        ),
      at: z.iso.datetime(),
    })
    .nullable(),
});

export const deliveryWithAttemptsBody = deliveryBody.extend({ attempts: z.array(attemptBody) });

const time = (date: Date | null): string | null => date?.toISOString() ?? null;

/** A delivery as lists show it. */
export function presentDelivery(delivery: Omit<DeliveryRecord, 'attempts'>): z.output<typeof deliveryBody> {
  return {
    id: delivery._id,
    event_id: delivery.event_id,
    event_type: delivery.event_type,
    merchant_id: delivery.merchant_id,
    subscription_id: delivery.subscription_id,
    transaction_id: delivery.transaction_id,
    url: delivery.url,
    status: delivery.status,
    attempts_made: delivery.attempts_total,
    next_attempt_at: time(delivery.next_attempt_at),
    held_back_by: delivery.held_back_by,
    last_outcome: delivery.last_outcome,
    created_at: delivery.created_at.toISOString(),
    completed_at: time(delivery.completed_at),
    dead_letter: delivery.dead_letter && {
      reason: delivery.dead_letter.reason,
      at: delivery.dead_letter.at.toISOString(),
    },
  };
}

/** A delivery alone, with all its attempts, oldest first. */
export function presentDeliveryWithAttempts(delivery: DeliveryRecord): z.output<typeof deliveryWithAttemptsBody> {
  const attempts = delivery.attempts.map((attempt) => presentAttempt(attempt, delivery._id));
  return { ...presentDelivery(delivery), attempts };
}

function presentAttempt(attempt: AttemptRecord, deliveryId: string): z.output<typeof attemptBody> {
  return {
    id: attempt._id,
    delivery_id: deliveryId,
    number: attempt.number,
    trigger: attempt.trigger,
    started_at: attempt.started_at.toISOString(),
    duration_ms: attempt.duration_ms,
    outcome: attempt.outcome,
    http_status: attempt.http_status,
    response_headers: attempt.response_headers,
    response_body: attempt.response_body,
    retry_after_s: attempt.retry_after_s,
    next_attempt_at: time(attempt.next_attempt_at),
    failure: attempt.failure ?? null,
  };
}
