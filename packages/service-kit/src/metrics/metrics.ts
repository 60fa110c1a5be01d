import type { RequestHandler } from 'express';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** The metrics of one process. Further ones are registered with `registers: [metrics.registry]`. */
export interface Metrics {
  registry: Registry;
  /** Seconds, by method, route pattern and status. */
  httpRequestDuration: Histogram<'method' | 'route' | 'status'>;
  httpRequestsInFlight: Gauge;
  /** Connections closed at once, since there were MAX_CONNECTIONS. */
  httpConnectionsDropped: Counter;
  /** Refused tokens by reason. */
  tokensRefused: Counter<'reason'>;
}

const DURATION_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** A registry of its own, so that several services can live in one test process. */
export function createMetrics(options: { service: string; defaults?: boolean }): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service: options.service });
  if (options.defaults !== false) collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    httpRequestDuration: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Duration of HTTP requests in seconds',
      labelNames: ['method', 'route', 'status'],
      buckets: DURATION_BUCKETS_S,
      registers,
    }),
    httpRequestsInFlight: new Gauge({ name: 'http_requests_in_flight', help: 'Requests being answered', registers }),
    httpConnectionsDropped: new Counter({
      name: 'http_connections_dropped_total',
      help: 'Connections closed at once, since there were MAX_CONNECTIONS',
      registers,
    }),
    tokensRefused: new Counter({
      name: 'tokens_refused_total',
      help: 'Refused bearer tokens by reason',
      labelNames: ['reason'],
      registers,
    }),
  };
}

/** Answers with the metrics in Prometheus' text format. */
export function metricsHandler(metrics: Metrics): RequestHandler {
  return async (_request, response) => {
    response.set('Content-Type', metrics.registry.contentType).send(await metrics.registry.metrics());
  };
}
