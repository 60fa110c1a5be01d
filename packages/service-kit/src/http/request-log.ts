import type { RequestHandler } from 'express';
import type { Metrics } from '../metrics/metrics.ts';
import { contextOf } from './request-context.ts';

const QUIET_ROUTES = new Set(['/livez', '/readyz', '/metrics']);

/** One log line and one observation per request. Neither query nor body is ever in it. */
export function requestLog(metrics: Metrics | undefined): RequestHandler {
  return (request, response, next) => {
    const startedAt = process.hrtime.bigint();
    const { method, path } = request;
    metrics?.httpRequestsInFlight.inc();
    response.once('close', () => {
      const durationMs = Number(process.hrtime.bigint() - startedAt) / 1e6;
      const { route, caller, logger } = contextOf(response);
      const status = response.statusCode;
      metrics?.httpRequestsInFlight.dec();
      metrics?.httpRequestDuration.observe({ method: labelOf(method), route, status }, durationMs / 1000);
      const line = {
        method,
        path: path.slice(0, 300),
        route,
        status,
        durationMs: Math.round(durationMs * 100) / 100,
        ...(caller !== undefined && { caller }),
        ...(!response.writableFinished && { aborted: true }),
      };
      if (QUIET_ROUTES.has(route)) logger.debug(line, 'request');
      else logger.info(line, 'request');
    });
    next();
  };
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Strangers choose the method, and every label value is a time series. */
function labelOf(method: string): string {
  return METHODS.has(method) ? method : 'other';
}
