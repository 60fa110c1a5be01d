import { type RequestHandler, Router } from 'express';
import { contextOf } from '../http/request-context.ts';
import { type Metrics, metricsHandler } from '../metrics/metrics.ts';
import type { Health, HealthReport } from './health.ts';

/** `/livez`, `/readyz`, and `/metrics` unless it has a port of its own. */
export function healthRoutes(health: Health, metrics: Metrics | undefined): Router {
  const router = Router();
  const report =
    (path: string, read: () => Promise<HealthReport>): RequestHandler =>
    async (_request, response) => {
      contextOf(response).route = path;
      const answer = await read();
      response.status(answer.status === 'ok' ? 200 : 503).json(answer);
    };
  router.get('/livez', report('/livez', health.liveness));
  router.get('/readyz', report('/readyz', health.readiness));
  if (metrics !== undefined) {
    const answer = metricsHandler(metrics);
    router.get('/metrics', (request, response, next) => {
      contextOf(response).route = '/metrics';
      return answer(request, response, next);
    });
  }
  return router;
}
