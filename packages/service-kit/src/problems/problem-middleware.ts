import type { ErrorRequestHandler } from 'express';
import { contextOf } from '../http/request-context.ts';
import { ProblemError, problemDocument, unavailable } from './problem-error.ts';
import { problems } from './problem-kinds.ts';
import { isStoreAway } from './store-away.ts';

/** The only place where a fault becomes an HTTP answer. */
export function problemMiddleware(options: { supportContact?: string | undefined }): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const { requestId, logger } = contextOf(response);
    const problem = problemOf(error);
    if (problem.kind.status === 500) logger.error({ err: error }, 'request failed');
    else if (problem.kind.status === 503) logger.warn({ err: problem.cause ?? problem }, 'request refused: store away');
    if (response.headersSent) {
      next(error);
      return;
    }
    const document = problemDocument(problem, { path: request.path, requestId, ...options });
    response.status(problem.kind.status).set(problem.headers);
    response.type('application/problem+json').send(JSON.stringify(document));
  };
}

function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (isStoreAway(error)) return unavailable(error);
  // Express itself: a path that is not valid percent-encoding.
  if (error instanceof URIError) return new ProblemError(problems.not_found);
  return new ProblemError(problems.internal, { cause: error });
}
