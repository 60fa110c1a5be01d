import {
  type AttemptTrigger,
  type Classification,
  classify,
  type EventStyle,
  type EventType,
  eventTypeName,
  type IdSource,
  renderBody,
  withoutCardNumbers,
} from '@owngateway/domain';
import type { OutboundClient, OutboundRequest, OutboundResult } from '@owngateway/outbound';
import { sign } from '@owngateway/signature';
import type { AttemptRecord } from '@owngateway/store';
import type { Recipient } from '../directory/recipient.ts';
import type { Endpoints } from '../endpoints/endpoint.ts';
import type { FailingStreaks } from '../switch-off/failing-streaks.ts';
import { storableHeaders } from './storable-headers.ts';

/** What is to be sent, to whom, and which try it is. */
export interface AttemptOrder {
  deliveryId: string;
  event: { id: string; type: EventType; body: string };
  recipient: Recipient;
  eventStyle: EventStyle;
  /** 1, 2, 3 ... over all rounds. */
  number: number;
  round: number;
  trigger: AttemptTrigger;
}

/** The event cannot be made into a request, now or ever: nobody was asked. */
export interface Unsendable {
  kind: 'unsendable';
  outcome: 'connection_error';
}

/** How an attempt ended. `interrupted`: this process is stopping and cut it off, so it says nothing about the endpoint. */
export type AttemptEnd =
  | { kind: 'ended'; record: AttemptRecord; classification: Classification | Unsendable }
  | { kind: 'interrupted' };

export interface AttemptTools {
  outbound: Pick<OutboundClient, 'send'>;
  endpoints: Pick<Endpoints, 'answered' | 'unanswered'>;
  streaks: Pick<FailingStreaks, 'ended'>;
  newId: IdSource;
  now: () => Date;
  /** By which secrets expire: it set their time (rule 15). */
  databaseNow: () => Date;
  /** Aborted when the grace period of a stop is over. */
  stopped: AbortSignal;
  /** An event that cannot be made into a request (a stored body that is no envelope): ours to look into. */
  onUnsendable: (order: AttemptOrder, error: unknown) => void;
  /** One wide line and the metrics of the attempt. */
  report: (order: AttemptOrder, record: AttemptRecord) => void;
}

export type MakeAttempt = (order: AttemptOrder) => Promise<AttemptEnd>;

/** Makes one attempt: prepare, send, classify, record. Never throws for anything a receiver does. */
export function createMakeAttempt(tools: AttemptTools): MakeAttempt {
  return async (order) => {
    const startedAt = tools.now();
    const request = prepareOrReport(order, startedAt);
    const result =
      request === null
        ? UNSENDABLE
        : await tools.outbound.send({
            ...request,
            deadlineMs: order.recipient.timeoutMs,
            signal: tools.stopped,
          });
    const classification =
      result === UNSENDABLE
        ? UNSENDABLE_CLASS
        : classify(result, { success: order.recipient.success, eventId: order.event.id, now: tools.now() });
    if (tools.stopped.aborted && result !== UNSENDABLE && isUndecided(result, classification))
      return { kind: 'interrupted' };

    if (isAnswer(result)) tools.endpoints.answered(order.recipient, result.durationMs);
    else if (result !== UNSENDABLE) tools.endpoints.unanswered(order.recipient, result.durationMs);
    // A 410 switches it off by itself, and an event that cannot be sent says nothing of the endpoint.
    if (result !== UNSENDABLE && classification.kind !== 'disable_subscription')
      tools.streaks.ended(order.recipient, classification.kind === 'delivered');
    const record = recordOf(order, startedAt, result, classification, tools.newId('att'));
    tools.report(order, record);
    return { kind: 'ended', record, classification };
  };

  function prepareOrReport(order: AttemptOrder, startedAt: Date): PreparedRequest | null {
    try {
      return prepare(order, startedAt, tools.databaseNow());
    } catch (error) {
      tools.onUnsendable(order, error);
      return null;
    }
  }
}

/** True when the receiver had answered nothing that decides. */
function isUndecided(result: OutboundResult, { outcome }: Classification | Unsendable): boolean {
  return result.kind === 'failure' && outcome === result.outcome;
}

/**
 * Any HTTP answer keeps the breaker closed (rule 11), also one that was too long to read or cut off: the endpoint is there.
 * Not one that had not ended when its time was over: it took a place for as long as one that keeps silent.
 */
function isAnswer(result: OutboundResult): boolean {
  if (result.kind === 'response' || result.outcome === 'response_too_large') return true;
  return result.answer !== null && result.outcome !== 'timeout';
}

type PreparedRequest = Pick<OutboundRequest, 'headers' | 'body' | 'url' | 'tls'>;

/** Becomes a visible dead letter at once; it must not stop its job, and so others. */
const UNSENDABLE: OutboundResult = {
  kind: 'failure',
  outcome: 'connection_error',
  message: 'the request could not be made',
  requestSent: false,
  answer: null,
  durationMs: 0,
};

const UNSENDABLE_CLASS: Unsendable = { kind: 'unsendable', outcome: 'connection_error' };

/** The request as it goes out (architecture, "What a merchant receives"). The body is what was stored, signed as it is. */
function prepare(order: AttemptOrder, startedAt: Date, databaseNow: Date): PreparedRequest {
  const { recipient, event } = order;
  const body = renderBody(event.body, event.type, order.eventStyle);
  const signature = sign({
    keys: recipient.signingKeys(databaseNow.getTime()),
    id: event.id,
    timestamp: Math.floor(startedAt.getTime() / 1000),
    body,
  });
  return {
    url: recipient.url,
    body,
    tls: recipient.tls(),
    headers: {
      ...recipient.headers,
      ...signature,
      'content-type': 'application/json',
      'user-agent': 'OwnGateway-Webhooks/1.0',
      'x-event-type': eventTypeName(event.type, order.eventStyle),
      'x-delivery-id': order.deliveryId,
      'x-delivery-attempt': String(order.number),
    },
  };
}

function recordOf(
  order: AttemptOrder,
  startedAt: Date,
  result: OutboundResult,
  classification: Classification | Unsendable,
  id: string,
): AttemptRecord {
  const answer = result.kind === 'response' ? result : result.answer;
  return {
    _id: id,
    number: order.number,
    round: order.round,
    trigger: order.trigger,
    started_at: startedAt,
    duration_ms: Math.round(result.durationMs),
    outcome: classification.outcome,
    http_status: answer?.status ?? null,
    response_headers: answer && storableHeaders(answer.headers),
    // A last net: what a receiver says is kept and shown, and no card number may be among it.
    response_body:
      answer && withoutCardNumbers(answer.body, { isCut: result.kind === 'failure' || result.bodyTruncated }),
    retry_after_s: classification.kind === 'retry' ? classification.retryAfterS : null,
    next_attempt_at: null,
    ...(result.kind === 'failure' && { failure: { reason: result.message, request_sent: result.requestSent } }),
  };
}
