import { resolve } from 'node:path';
import type { Environment } from '../install/cache-directory.ts';
import { claimPort } from '../process/free-port.ts';
import type { LineSink } from '../process/split-lines.ts';
import type { MongoKind } from '../stores/server-handle.ts';
import { type Stores, startStores } from '../stores/start-stores.ts';
import { type ServiceHandle, startService } from '../supervision/service.ts';
import { lockData } from './data-lock.ts';
import { emptyData } from './empty-data.ts';
import { adjustable, type ServiceName, type Settings, serviceNames, settingsFor } from './service-settings.ts';
import { type StackSecrets, stackSecrets } from './stack-secrets.ts';
import { mintStackToken, type StackTokenRequest } from './stack-tokens.ts';

/** How a whole stack is run. */
export interface StackOptions {
  /** Data, logs and made-up secrets. */
  readonly dataDir: string;
  /** Begin with empty data and new secrets. */
  readonly fresh?: boolean;
  /** Any free port for those left out or 0. */
  readonly ports?: Partial<Record<ServiceName, number>>;
  /** Settings that replace the made-up ones; each service still gets only those that it reads. */
  readonly settings?: Settings;
  /** `process.env` by default. */
  readonly env?: Environment;
  readonly acceptMongo?: readonly MongoKind[];
  /** Called when the data folder is ours and before anything is started; the place to remove what a killed stack left. */
  readonly onLocked?: () => Promise<unknown>;
  /** Gives up a start: what it has begun is stopped, then it throws. A stack that runs is stopped by `stop`. */
  readonly signal?: AbortSignal;
  /** What a person should know: what is fetched, what was started again. */
  readonly log?: LineSink;
  /** Each line that a process writes, with its name. */
  readonly output?: (name: string, line: string) => void;
  /** Called when a process that had died is back, with a new process id. */
  readonly onRestart?: (name: ServiceName | 'mongo' | 'redis') => void;
}

/** A stack that runs: both stores and the three services, each started again when it dies. */
export interface Stack {
  readonly stores: Stores;
  readonly services: Readonly<Record<ServiceName, ServiceHandle>>;
  readonly secrets: StackSecrets;
  /** Every setting of the stack; `settingsFor(service, settings)` is what one service reads. */
  readonly settings: Settings;
  readonly ingressUrl: string;
  readonly apiUrl: string;
  /** Mints a token that the services accept. */
  mintToken(request: StackTokenRequest): string;
  /** The process ids of this moment; `null` for what is down or external. */
  pids(): Record<ServiceName | 'mongo' | 'redis', number | null>;
  /** Stops the services, then the stores. */
  stop(): Promise<void>;
}

const PORT_SETTING: Readonly<Record<ServiceName, string>> = {
  ingress: 'INGRESS_PORT',
  subscriptions: 'API_PORT',
  dispatcher: 'DISPATCHER_PORT',
};

async function claimPorts(wanted: StackOptions['ports']): Promise<Record<ServiceName, number>> {
  const ports = { ingress: 0, subscriptions: 0, dispatcher: 0 };
  // One after the other: the same number given twice is somebody's mistake, but any free one must not come twice.
  for (const name of serviceNames) {
    do ports[name] = await claimPort(wanted?.[name] ?? 0, PORT_SETTING[name]);
    while (!wanted?.[name] && serviceNames.some((other) => other !== name && ports[other] === ports[name]));
  }
  return ports;
}

function madeUpSettings(ports: Record<ServiceName, number>, secrets: StackSecrets, env: Environment): Settings {
  const asked = adjustable.flatMap((name) => (env[name] ? [[name, env[name]]] : []));
  return {
    ENVIRONMENT: 'sandbox',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'info',
    SHUTDOWN_GRACE_MS: '5000',
    PUBLIC_INGRESS_URL: `http://127.0.0.1:${ports.ingress}`,
    PUBLIC_API_URL: `http://127.0.0.1:${ports.subscriptions}`,
    JWT_SECRET: secrets.jwt_secret,
    JWT_ISSUER: 'owngateway-local',
    JWT_AUDIENCE: 'owngateway-webhooks',
    ENCRYPTION_KEYS: secrets.encryption_keys,
    ALLOWED_PRIVATE_RANGES: '127.0.0.0/8,::1/128',
    QUEUE_PREFIX: 'owngateway',
    QUEUE_SHARDS: '1',
    ...Object.fromEntries(asked),
  };
}

/**
 * Starts stores and services and resolves when every one is ready. What fails to start takes the rest down with it and is thrown:
 * `port_taken`, `data_in_use`, `no_server`, `install_failed` or `start_failed`.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const dataDir = resolve(options.dataDir);
  const { env = process.env } = options;
  const unlock = await lockData(dataDir);
  const stops: (() => Promise<unknown>)[] = [unlock];
  const stop = async (): Promise<void> => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    await options.onLocked?.();
    const ports = await claimPorts(options.ports);
    if (options.fresh === true) await emptyData(dataDir);
    const secrets = await stackSecrets(dataDir);
    const stores = await startStores({
      dataDir,
      env,
      restart: true,
      ...(options.log === undefined ? {} : { log: options.log }),
      ...(options.acceptMongo === undefined ? {} : { acceptMongo: options.acceptMongo }),
      output: (line) => options.output?.('stores', line),
      onRestart: (store) => options.onRestart?.(store),
    });
    stops.push(() => stores.stop());
    options.signal?.throwIfAborted();
    const settings: Settings = {
      ...madeUpSettings(ports, secrets, env),
      MONGO_URL: stores.mongo.url,
      REDIS_URL: stores.redis.url,
      ...options.settings,
    };
    const services = await startServices(options, ports, settings, stops);
    options.signal?.throwIfAborted();
    return {
      stores,
      services,
      secrets,
      settings,
      ingressUrl: services.ingress.url,
      apiUrl: services.subscriptions.url,
      mintToken: (request) => mintStackToken(settings, request),
      pids: () => ({
        ingress: services.ingress.pid,
        subscriptions: services.subscriptions.pid,
        dispatcher: services.dispatcher.pid,
        mongo: stores.mongo.pid,
        redis: stores.redis.pid,
      }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startServices(
  options: StackOptions,
  ports: Record<ServiceName, number>,
  settings: Settings,
  stops: (() => Promise<unknown>)[],
): Promise<Record<ServiceName, ServiceHandle>> {
  const start = (name: ServiceName): Promise<ServiceHandle> =>
    startService({
      name,
      entry: `services/${name}/src/main.ts`,
      env: settingsFor(name, settings),
      port: ports[name],
      stopTimeoutMs: Number(settings.SHUTDOWN_GRACE_MS) + 2_000,
      output: (line) => options.output?.(name, line),
      onRestart: () => options.onRestart?.(name),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  const started = await Promise.allSettled(serviceNames.map(start));
  const handles = started.flatMap((it) => (it.status === 'fulfilled' ? [it.value] : []));
  // Together: none of them waits for another, and a person at the terminal waits for all.
  stops.push(() => Promise.all(handles.map((handle) => handle.stop())));
  for (const it of started) if (it.status === 'rejected') throw it.reason;
  const [ingress, subscriptions, dispatcher] = handles;
  if (ingress === undefined || subscriptions === undefined || dispatcher === undefined) throw new Error('unreachable');
  return { ingress, subscriptions, dispatcher };
}
