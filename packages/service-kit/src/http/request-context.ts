import { randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import type { Logger } from '../logger/logger.ts';

/** What belongs to one request. */
export interface RequestContext {
  requestId: string;
  /** Carries the request id. */
  logger: Logger;
  /** The path pattern that answered, for metrics and logs; `unmatched` until then. */
  route: string;
  /** Whose token it was, for the request's log line. */
  caller: string | undefined;
}

const REQUEST_ID = /^[A-Za-z0-9_.-]{1,128}$/;

/** Takes the caller's `X-Request-Id` if it is harmless, else makes one; it is on every answer and log line. */
export function requestContext(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const given = request.get('x-request-id');
    const requestId = given !== undefined && REQUEST_ID.test(given) ? given : `req_${randomUUID()}`;
    const context: RequestContext = {
      requestId,
      logger: logger.child({ requestId }),
      route: 'unmatched',
      caller: undefined,
    };
    response.locals.context = context;
    response.set('X-Request-Id', requestId);
    next();
  };
}

/** The context of the request that is being answered. */
export function contextOf(response: Response): RequestContext {
  return response.locals.context as RequestContext;
}
