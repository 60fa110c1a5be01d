import { get } from 'node:http';
import { isAbsolute, join } from 'node:path';
import type { Environment } from '../install/cache-directory.ts';
import { freePort } from '../process/free-port.ts';
import { ManagedProcess } from '../process/managed-process.ts';
import type { LineSink } from '../process/split-lines.ts';
import { repositoryRoot } from './repository-root.ts';

/** Which service to run, and how. */
export interface ServiceOptions {
  readonly name: string;
  /** The file that Node runs, from the repository's root or absolute. */
  readonly entry: string;
  /** Its settings. It sees these and what every process needs (PATH, HOME, ...), nothing else of our environment. */
  readonly env: Environment;
  /** Given to it as PORT; any free one when left out or 0. */
  readonly port?: number;
  /** Path that answers 200 when it can work. */
  readonly readyPath?: string;
  readonly readyTimeoutMs?: number;
  /** From SIGTERM to SIGKILL. */
  readonly stopTimeoutMs?: number;
  /** Start it again when it dies, as Kubernetes would. On by default. */
  readonly restart?: boolean;
  /** Takes each line that it writes. */
  readonly output?: LineSink;
  /** Called when it is ready again after it had died, with its new process id. */
  readonly onRestart?: (pid: number) => void;
  /** Stops it while it is still starting, which then fails. */
  readonly signal?: AbortSignal;
}

/** A service that runs, under supervision. */
export interface ServiceHandle {
  readonly name: string;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Process id, `null` while it is down. */
  readonly pid: number | null;
  /** Sends a signal and leaves supervision as it is: it comes back unless `restart` was switched off. */
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, then SIGKILL; it stays down until `restart`. */
  stop(): Promise<void>;
  /** SIGKILL; it stays down until `restart`. */
  kill9(): Promise<void>;
  /** Stops it if it runs and starts it again on the same port. Resolves when it is ready. */
  restart(): Promise<void>;
}

const INHERITED = ['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS'];
const PROBE_TIMEOUT_MS = 2_000;

function answersOk(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: PROBE_TIMEOUT_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}

/**
 * Runs a service with the Node that we run on, waits until its readiness path answers 200, and starts it again (0.2 s to 10 s
 * later) whenever it dies. Throws `start_failed` with its last lines when it does not become ready.
 */
export async function startService(options: ServiceOptions): Promise<ServiceHandle> {
  const port = options.port || (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const inherited = Object.fromEntries(INHERITED.map((name) => [name, process.env[name]]));
  const { output, onRestart, signal } = options;
  const managed = new ManagedProcess({
    name: options.name,
    command: process.execPath,
    args: [isAbsolute(options.entry) ? options.entry : join(repositoryRoot, options.entry)],
    env: { ...inherited, ...options.env, PORT: String(port) },
    cwd: repositoryRoot,
    ready: () => answersOk(`${url}${options.readyPath ?? '/readyz'}`),
    readyTimeoutMs: options.readyTimeoutMs ?? 30_000,
    stopTimeoutMs: options.stopTimeoutMs ?? 8_000,
    restart: options.restart ?? true,
    ...(output === undefined ? {} : { log: output }),
    ...(onRestart === undefined ? {} : { onRestart }),
  });
  const giveUp = (): void => void managed.stop();
  signal?.addEventListener('abort', giveUp, { once: true });
  await managed.start().finally(() => signal?.removeEventListener('abort', giveUp));
  return {
    name: options.name,
    url,
    get pid() {
      return managed.pid;
    },
    kill: (signal) => managed.kill(signal),
    stop: () => managed.stop(),
    kill9: () => managed.kill9(),
    async restart() {
      await managed.stop();
      await managed.start();
    },
  };
}
