import { type RaisedEvent, raisedEventBatchSchema, raisedEventSchema } from '@owngateway/domain';
import {
  type App,
  type FieldFault,
  ProblemError,
  problems,
  type RouteInput,
  readFields,
  route,
} from '@owngateway/service-kit';
import type { IdempotencyRepository, MerchantRepository, StoredAnswer } from '@owngateway/store';
import { z } from 'zod';
import type { IngressMetrics } from '../ingress-metrics.ts';
import { answerOnce, idempotencyKeyOf } from './idempotent-answer.ts';
import { merchantsInReach } from './merchants-in-reach.ts';
import type { RaiseEvents } from './raise-events.ts';

export interface RaisedEventsRouteParts {
  raiseEvents: RaiseEvents;
  merchants: Pick<MerchantRepository, 'get' | 'idsBelow'>;
  idempotency: IdempotencyRepository;
  metrics: IngressMetrics;
  now: () => Date;
}

/** One event or `{events: [...]}`; which of the two is decided below, so that faults are named in the form that was meant. */
const bodySchema = z.record(z.string(), z.unknown());

const answerSchema = z.object({ data: z.array(z.object({ id: z.string(), duplicate: z.boolean() })) });

type Input = RouteInput<Record<never, never>, Record<never, never>, typeof bodySchema, 'token'>;

/** `POST /v1/events`: events that the platform itself raises (003.9). */
export function addRaisedEventsRoute(app: App, parts: RaisedEventsRouteParts): void {
  route(app, {
    method: 'post',
    path: '/v1/events',
    summary: 'Raise events that no connector tells of',
    tags: ['events'],
    scope: 'events:write',
    body: bodySchema,
    responses: { 202: { description: 'Stored; they are being delivered.', schema: answerSchema } },
    handler: async (input) => {
      const key = idempotencyKeyOf(input.request.get('idempotency-key'));
      const { events, isBatch } = readEvents(input.body);
      await requireMerchants(parts, input, events, isBatch);
      const answer = async (): Promise<StoredAnswer> => {
        const data = await parts.raiseEvents(events, { key, isBatch });
        parts.metrics.eventsStored.inc({ source: 'api' }, data.filter(({ duplicate }) => !duplicate).length);
        return { status: 202, body: { data } };
      };
      const { actor, rawBody } = input;
      return key === undefined
        ? answer()
        : answerOnce(parts.idempotency, { actor, key, body: rawBody, now: parts.now() }, answer);
    },
  });
}

function readEvents(body: Record<string, unknown>): { events: readonly RaisedEvent[]; isBatch: boolean } {
  if (Object.hasOwn(body, 'events')) {
    const batch = readFields(raisedEventBatchSchema, body);
    if (batch.ok) {
      return { events: batch.value.events, isBatch: true };
    }
    throw invalid(batch.faults);
  }
  const single = readFields(raisedEventSchema, body);
  if (single.ok) {
    return { events: [single.value], isBatch: false };
  }
  throw invalid(single.faults);
}

async function requireMerchants(
  { merchants }: RaisedEventsRouteParts,
  { actor }: Input,
  events: readonly RaisedEvent[],
  isBatch: boolean,
): Promise<void> {
  const wanted = events.map((event) => event.merchant_id);
  const inReach = await merchantsInReach(merchants, actor, wanted);
  const faults = wanted.flatMap((merchantId, index): FieldFault[] =>
    inReach.has(merchantId)
      ? []
      : [
          {
            field: isBatch ? `events[${index}].merchant_id` : 'merchant_id',
            code: 'unknown_merchant',
            message: 'There is no such merchant, or it is not yours.',
          },
        ],
  );
  if (faults.length > 0) {
    throw invalid(faults);
  }
}

function invalid(errors: readonly FieldFault[]): ProblemError {
  const fields = [...new Set(errors.map((error) => error.field))].slice(0, 10).join(', ');
  return new ProblemError(problems.validation, { detail: `Not valid: ${fields}`, errors });
}
