import { randomUUID } from 'node:crypto';
import { type Logger, type Metrics, problemDocument } from '@owngateway/service-kit';
import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import type { IngressMetrics } from '../ingress-metrics.ts';
import type { MonotonicClock } from '../memory/token-bucket.ts';
import { createOutcomeLog } from './outcome-log.ts';
import type { RequestOutcome } from './request-outcome.ts';
import { sendAcknowledgement, sendProblem, sendRefusal } from './webhook-answer.ts';

/** Where connectors call (000.11). */
export const WEBHOOK_PATH = '/webhooks/:merchant_id/:connector_name';

const REQUEST_ID = /^[A-Za-z0-9_.-]{1,128}$/;

export interface WebhookRouteParts {
  outcomeOf: RequestOutcome;
  supportContact: string | undefined;
  logger: Logger;
  http: Metrics;
  metrics: IngressMetrics;
  clock: MonotonicClock;
}

/**
 * The one hot path of this service. It stands outside the common frame, whose log line, headers and body parser would
 * cost more than everything else here.
 */
export function createWebhookRoute(parts: WebhookRouteParts): RequestHandler {
  const { clock, supportContact, outcomeOf } = parts;
  const log = createOutcomeLog(parts, WEBHOOK_PATH);

  return async (request, response) => {
    const startedMs = clock();
    const requestId = requestIdOf(request);
    response.setHeader('X-Request-Id', requestId);
    const path = { merchantId: textOf(request.params.merchant_id), name: textOf(request.params.connector_name) };
    const outcome = await outcomeOf(request, path);
    switch (outcome.kind) {
      case 'acknowledged':
      case 'answered':
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
