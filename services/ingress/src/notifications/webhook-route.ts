import { randomUUID } from 'node:crypto';
import {
  type Logger,
  type Metrics,
  ProblemError,
  problemDocument,
  problems,
  unavailable,
} from '@owngateway/service-kit';
import { isStoreUnavailable } from '@owngateway/store';
import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import type { AccountPath } from '../accounts/account-path.ts';
import type { IngressMetrics } from '../ingress-metrics.ts';
import type { MonotonicClock } from '../memory/token-bucket.ts';
import type { IntakeLimit } from './intake-limit.ts';
import { createOutcomeLog } from './outcome-log.ts';
import { rawNotificationOf } from './raw-notification.ts';
import type { ReceiveNotification, Reception } from './receive-notification.ts';
import type { RefusalGate } from './refusal-gate.ts';
import { readBody } from './request-body.ts';
import { sendAcknowledgement, sendProblem, sendRefusal } from './webhook-answer.ts';
import { turnAway, type WebhookOutcome } from './webhook-outcome.ts';

/** Where connectors call (000.11). */
export const WEBHOOK_PATH = '/webhooks/:merchant_id/:connector_name';

/** No connector sends as much; GoCardless's 250 events have about 200 KB. */
const MAX_BODY_BYTES = 1_048_576;
/** Razorpay waits 5 s, others longer: a 503 in time is better than no answer. */
const ANSWER_WITHIN_MS = 4_000;
const RETRY_AFTER_S = 5;
const REQUEST_ID = /^[A-Za-z0-9_.-]{1,128}$/;

export interface WebhookRouteParts {
  receive: ReceiveNotification;
  limit: IntakeLimit;
  publicUrl: string;
  supportContact: string | undefined;
  logger: Logger;
  http: Metrics;
  metrics: IngressMetrics;
  clock: MonotonicClock;
  gate: RefusalGate;
  /** 4,000 ms unless given. */
  answerWithinMs?: number;
}

/**
 * The one hot path of this service. It stands outside the common frame, whose log line, headers and body parser would
 * cost more than everything else here.
 */
export function createWebhookRoute(parts: WebhookRouteParts): RequestHandler {
  const { clock, supportContact } = parts;
  const log = createOutcomeLog(parts, WEBHOOK_PATH);

  return async (request, response) => {
    const startedMs = clock();
    const requestId = requestIdOf(request);
    response.setHeader('X-Request-Id', requestId);
    const path = { merchantId: textOf(request.params.merchant_id), name: textOf(request.params.connector_name) };
    const outcome = await outcomeOf(request, path, parts);
    switch (outcome.kind) {
      case 'acknowledged':
        sendAcknowledgement(response, outcome.acknowledgement);
        break;
      case 'refused':
        sendRefusal(response);
        break;
      case 'turned_away': {
        const { problem } = outcome;
        sendProblem(
          response,
          problemDocument(problem, { path: request.path, requestId, supportContact }),
          problem.headers,
        );
      }
    }
    const { method } = request;
    log({ requestId, path, method, status: response.statusCode, durationMs: clock() - startedMs, outcome });
  };
}

async function outcomeOf(request: Request, path: AccountPath, parts: WebhookRouteParts): Promise<WebhookOutcome> {
  if (request.method !== 'POST') {
    return turnAway('method', new ProblemError(problems.method_not_allowed, { headers: { Allow: 'POST' } }));
  }
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    const detail = 'Content-Encoding is not supported.';
    return turnAway('content_encoding', new ProblemError(problems.unsupported_media_type, { detail }));
  }
  const { limit } = parts;
  const reading = await readBody(request, MAX_BODY_BYTES, limit);
  switch (reading.kind) {
    case 'too_large': {
      const detail = `The limit is ${MAX_BODY_BYTES} bytes.`;
      return turnAway('too_large', new ProblemError(problems.payload_too_large, { detail }));
    }
    case 'overloaded':
    case 'aborted':
      return turnAway(reading.kind, unavailable(undefined, RETRY_AFTER_S));
    case 'read':
      break;
  }
  const { body, held } = reading;
  if (!limit.enter()) {
    held.release();
    return turnAway('overloaded', unavailable(undefined, RETRY_AFTER_S));
  }
  // From here on the sender has no part in how long it takes.
  const arrived = parts.gate.stroke;
  const work = parts.receive(path, rawNotificationOf(request, path, body, parts.publicUrl)).finally(() => {
    limit.leave();
    held.release();
  });
  const outcome = await settle(work, parts.answerWithinMs ?? ANSWER_WITHIN_MS);
  if (outcome.kind === 'refused') {
    await parts.gate.open(arrived);
  }
  return outcome;
}

/** Waits for the work, but not for ever: a write that comes too late makes the connector's repeat a duplicate. */
async function settle(work: Promise<Reception>, withinMs: number): Promise<WebhookOutcome> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, withinMs, 'late');
  });
  try {
    const reception = await Promise.race([work, late]);
    if (reception === 'late') {
      // It goes on; should it fail later, nobody is left to be told.
      work.catch(() => undefined);
      return turnAway('late', unavailable(undefined, RETRY_AFTER_S));
    }
    return reception.kind === 'undecided' ? turnAway('undecided', unavailable(undefined, RETRY_AFTER_S)) : reception;
  } catch (fault) {
    return isStoreUnavailable(fault)
      ? turnAway('store_away', unavailable(fault, RETRY_AFTER_S))
      : turnAway('fault', new ProblemError(problems.internal, { cause: fault }));
  } finally {
    clearTimeout(timer);
  }
}

/** A path that is no valid percent-encoding cannot exist, and is refused like any other that does not. */
export const refuseUnreadablePath: ErrorRequestHandler = (error, request, response, next) => {
  if (response.headersSent || !(error instanceof URIError)) {
    next(error);
    return;
  }
  request.resume();
  response.setHeader('X-Request-Id', requestIdOf(request));
  sendRefusal(response);
};

function requestIdOf(request: Request): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : `req_${randomUUID()}`;
}

function textOf(param: string | readonly string[] | undefined): string {
  return typeof param === 'string' ? param : '';
}
