import { createHealth, type Health } from '../health/health.ts';
import { type App, type AppOptions, createApp } from '../http/app.ts';
import { createLogger, flushLog, type Logger } from '../logger/logger.ts';
import { createMetrics, type Metrics } from '../metrics/metrics.ts';
import type { serviceFields } from '../settings/fields.ts';
import { startSummary } from '../settings/list-settings.ts';
import { loadSettings } from '../settings/load-settings.ts';
import type { SettingsDefinition, SettingsOf, SettingsShape } from '../settings/setting.ts';
import { SettingsError } from '../settings/settings-error.ts';
import { type Host, processHost } from './host.ts';
import { type Listening, listen } from './listen.ts';
import { type StopStep, shutDown } from './shutdown.ts';

/** A store that has not been reached by then is a failure, and no longer a beginning. */
const STARTING_MS = 10_000;

type ServiceShape = SettingsShape & typeof serviceFields;

/** What a service is composed with. */
export interface ServiceContext<D extends SettingsDefinition> {
  settings: SettingsOf<D>;
  logger: Logger;
  metrics: Metrics;
  health: Health;
  /** Ends something when the service stops; the last added is ended first, after the last request. */
  onStop(name: string, stop: () => unknown): void;
  /** `createApp` with this service's logger, metrics, health, environment and support contact. */
  createApp(options?: Partial<AppOptions>): App;
}

export interface ServiceOptions<D extends SettingsDefinition> {
  name: string;
  settings: D;
  /**
   * Composes the service. It listens only after this has resolved: with the app that it answers with, or with health
   * routes only.
   */
  start: (context: ServiceContext<D>) => Promise<App | undefined>;
  /** The real process unless given. */
  host?: Host;
  logger?: Logger;
}

/** A service that runs. */
export interface RunningService {
  url: string;
  metricsUrl: string | undefined;
  /** Stops as a SIGTERM does, including the exit. */
  stop(reason: string): Promise<void>;
}

/**
 * Runs a service: settings, start, listen, and one orderly stop on SIGTERM or SIGINT. Wrong settings go to stderr in one
 * message, with exit code 1, before anything is opened. Resolves when it listens; undefined if it could not start.
 */
export async function runService<Shape extends ServiceShape>(
  options: ServiceOptions<SettingsDefinition<Shape>>,
): Promise<RunningService | undefined> {
  const host = options.host ?? processHost();
  const settings = readSettings(options, host);
  if (settings === undefined) return undefined;
  // What every service has, seen without the rest of its shape.
  const base = settings as SettingsOf<SettingsDefinition<typeof serviceFields>>;
  const logger = options.logger ?? createLogger({ service: options.name, level: base.LOG_LEVEL });
  const metrics = createMetrics({ service: options.name });
  const health = createHealth({
    startingMs: STARTING_MS,
    onFailure: (check, error) => logger.warn({ check, err: error }, 'health check failed'),
  });
  const steps: StopStep[] = [];
  const servers: Listening[] = [];
  let stopping: Promise<void> | undefined;

  function stop(reason: string, exitCode = 0): Promise<void> {
    // npm and the shell both pass a Ctrl-C on: the second one changes nothing.
    stopping ??= (async () => {
      logger.info({ reason }, 'stopping');
      const clean = await shutDown({ graceMs: base.SHUTDOWN_GRACE_MS, health, logger, servers, steps });
      logger.info({ clean }, 'stopped');
      await flushLog(logger);
      host.exit(clean ? exitCode : 1);
    })();
    return stopping;
  }

  host.onSignal((signal) => void stop(signal));
  host.onFault((fault) => {
    // The state is unknown now: no orderly stop, a fresh process is safer (P1 and P2 hold through kill -9).
    logger.fatal({ err: fault }, 'unhandled fault');
    host.exit(1);
  });

  const metricsPort = base.METRICS_PORT;
  const appDefaults: AppOptions = {
    logger,
    metrics,
    health,
    environment: base.ENVIRONMENT,
    supportContact: base.SUPPORT_CONTACT,
    exposeMetrics: metricsPort === undefined,
  };
  try {
    logger.info({ settings: startSummary(options.settings, settings), node: process.version }, 'starting');
    const app = await options.start({
      settings,
      logger,
      metrics,
      health,
      onStop: (name, stopStep) => void steps.push({ name, stop: stopStep }),
      createApp: (extra = {}) => createApp({ ...appDefaults, ...extra }),
    });
    if (stopping !== undefined) return undefined;
    const handler = (app ?? createApp(appDefaults)).handler;
    const main = await listen(handler, {
      port: base.PORT,
      host: base.HOST,
      maxConnections: base.MAX_CONNECTIONS,
      onDrop: () => metrics.httpConnectionsDropped.inc(),
    });
    servers.push(main);
    const metricsServer =
      metricsPort === undefined ? undefined : await listenForMetrics(appDefaults, metricsPort, base.HOST);
    if (metricsServer !== undefined) servers.push(metricsServer);
    logger.info({ port: main.port, metricsPort: metricsServer?.port }, 'listening');
    return { url: main.url, metricsUrl: metricsServer?.url, stop: (reason) => stop(reason) };
  } catch (error) {
    logger.fatal({ err: error }, 'could not start');
    await stop('could not start', 1);
    return undefined;
  }
}

function readSettings<Shape extends ServiceShape>(options: ServiceOptions<SettingsDefinition<Shape>>, host: Host) {
  try {
    return loadSettings(options.settings, host.env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    host.writeError(`${options.name} cannot start. ${error.message}\n`);
    host.exit(1);
    return undefined;
  }
}

/** The metrics' own listener has health too, so that probes need not go through the public port. */
function listenForMetrics(defaults: AppOptions, port: number, host: string | undefined): Promise<Listening> {
  return listen(createApp({ ...defaults, exposeMetrics: true }).handler, { port, host });
}
