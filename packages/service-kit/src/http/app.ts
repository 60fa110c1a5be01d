import express, { type Express, type Request, type Response, Router } from 'express';
import type { Health } from '../health/health.ts';
import { healthRoutes } from '../health/health-routes.ts';
import type { Logger } from '../logger/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { methodNotAllowed, notFound } from '../problems/problem-error.ts';
import { problemMiddleware } from '../problems/problem-middleware.ts';
import { createRateLimiter, type RateLimiter } from '../rate-limit/rate-limiter.ts';
import type { Actor } from '../tokens/actor.ts';
import type { TokenVerifier } from '../tokens/token-verifier.ts';
import { createAuthenticator } from './authenticate.ts';
import { contextOf, requestContext } from './request-context.ts';
import { requestLog } from './request-log.ts';
import type { RouteMetadata } from './route-metadata.ts';
import { securityHeaders } from './security-headers.ts';

export interface AppOptions {
  logger: Logger;
  environment: 'sandbox' | 'production';
  metrics?: Metrics;
  /** Adds /livez and /readyz. */
  health?: Health;
  /** Adds /metrics; leave it out where METRICS_PORT is set. */
  exposeMetrics?: boolean;
  /** Needed by every route that is not `auth: 'none'`. */
  tokens?: TokenVerifier;
  /** Per token; 50 requests/s. */
  rateLimiter?: RateLimiter;
  supportContact?: string | undefined;
  /** JSON bodies; 256 KiB. */
  bodyLimitBytes?: number;
  /** Proxies in front of us whose X-Forwarded-For is believed; 0. Never `true`: then callers choose their address. */
  trustProxyHops?: number;
}

/** An Express app with the frame around it; add routes with `route(app, ...)`, anything else to `router`. */
export interface App {
  /** What a server listens with. */
  handler: Express;
  /** For what is no API route: static files, say. */
  router: Router;
  routes: readonly RouteMetadata[];
  bodyLimitBytes: number;
  authenticate: ((request: Request, response: Response) => Promise<Actor>) | undefined;
  addRoute(route: RouteMetadata): void;
}

const DEFAULT_BODY_LIMIT_BYTES = 256 * 1024;
const DEFAULT_REQUESTS_PER_SECOND = 50;

/**
 * Makes an app: request id, one log line per request, security headers, health; then its routes; then 405, 404 and
 * problem documents for whatever was thrown.
 */
export function createApp(options: AppOptions): App {
  const { logger, metrics, health, tokens } = options;
  const limiter = options.rateLimiter ?? createRateLimiter({ perSecond: DEFAULT_REQUESTS_PER_SECOND });
  const routes: RouteMetadata[] = [];
  const router = Router({ caseSensitive: true });
  const otherMethods = Router({ caseSensitive: true });

  const handler = express();
  handler.disable('x-powered-by').disable('etag');
  handler.set('query parser', 'simple').set('trust proxy', options.trustProxyHops ?? 0);
  handler.use(requestContext(logger), requestLog(metrics), securityHeaders(options.environment));
  if (health !== undefined) handler.use(healthRoutes(health, options.exposeMetrics ? metrics : undefined));
  handler.use(router, otherMethods);
  handler.use(() => {
    throw notFound();
  });
  handler.use(problemMiddleware({ supportContact: options.supportContact }));

  return {
    handler,
    router,
    routes,
    bodyLimitBytes: options.bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES,
    authenticate: tokens === undefined ? undefined : createAuthenticator({ tokens, limiter, metrics }),
    addRoute(route) {
      const isFirst = routes.every((known) => known.path !== route.path);
      routes.push(route);
      if (!isFirst) return;
      otherMethods.all(route.path, (_request, response) => {
        contextOf(response).route = route.path;
        const methods = routes.filter((known) => known.path === route.path).map((known) => known.method.toUpperCase());
        if (methods.includes('GET')) methods.push('HEAD');
        throw methodNotAllowed(methods);
      });
    },
  };
}
