import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LocalStackError } from '../errors.ts';
import type { Environment } from '../install/cache-directory.ts';
import { freePort } from '../process/free-port.ts';
import { ManagedProcess } from '../process/managed-process.ts';
import { commandLine, processAlive } from '../process/process-alive.ts';
import { waitUntil } from '../process/wait-until.ts';
import type { ServerHandle } from './server-handle.ts';
import type { StoreOptions } from './store-options.ts';

/** A server program found on this machine, and how to run it. */
export interface ServerProgram<Kind extends string> {
  readonly kind: Kind;
  readonly version: string | null;
  readonly command: string;
  /** The arguments for a port and a data folder. */
  readonly args: (port: number, folder: string) => readonly string[];
  readonly env: Environment;
}

/** What is the same for every server of one protocol. */
export interface Protocol {
  readonly name: string;
  readonly url: (port: number) => string;
  /** Whether a server answers there. */
  readonly probe: (port: number) => Promise<boolean>;
}

const READY_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 8_000;
const PREVIOUS_TIMEOUT_MS = 10_000;
const ATTEMPTS = 3;

/**
 * Two servers on one data folder ruin it (Valkey does not even notice). One left by a parent that was killed goes away within
 * seconds, so it is waited for; one that stays belongs to somebody else.
 */
async function waitForPrevious(pidFile: string, folder: string): Promise<void> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => '0'));
  if (!(pid > 0)) return;
  const gone = async (): Promise<boolean> => {
    if (!processAlive(pid)) return true;
    const line = await commandLine(pid);
    // After a restart of the machine the number may be anybody's.
    return line !== null && !/mongo|secantus|valkey|redis/i.test(line);
  };
  if (await waitUntil(gone, PREVIOUS_TIMEOUT_MS, 50)) return;
  throw new LocalStackError(
    'data_in_use',
    `${folder} is in use by process ${pid}: stop that one, or choose another folder with DATA_DIR=<folder>.`,
  );
}

/** Starts a program found on this machine and answers the handle that owns it. Throws `start_failed` or `data_in_use`. */
export async function startOwned<Kind extends string>(
  program: ServerProgram<Kind>,
  protocol: Protocol,
  options: StoreOptions<Kind>,
): Promise<ServerHandle<Kind>> {
  const folder = join(options.dataDir, program.kind);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const pidFile = join(options.dataDir, `${program.kind}.pid`);
  await waitForPrevious(pidFile, folder);

  const started = await startOnSomePort(program, protocol, options, folder, pidFile);
  const begin = async (): Promise<void> => {
    await started.process.start();
    await writeFile(pidFile, String(started.process.pid));
  };
  return {
    kind: program.kind,
    version: program.version,
    url: protocol.url(started.port),
    get pid() {
      return started.process.pid;
    },
    kill9: () => started.process.kill9(),
    async stop() {
      await started.process.stop();
      await rm(pidFile, { force: true });
    },
    async restart() {
      await started.process.stop();
      await begin();
    },
  };
}

async function startOnSomePort<Kind extends string>(
  program: ServerProgram<Kind>,
  protocol: Protocol,
  options: StoreOptions<Kind>,
  folder: string,
  pidFile: string,
): Promise<{ process: ManagedProcess; port: number }> {
  const { output, restart = false, onRestart } = options;
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port || (await freePort());
    const managed = new ManagedProcess({
      name: `${protocol.name} (${program.kind})`,
      command: program.command,
      args: program.args(port, folder),
      env: program.env,
      // Not ours: a server must not pick up a configuration file from wherever we were started.
      cwd: folder,
      ready: () => protocol.probe(port),
      readyTimeoutMs: READY_TIMEOUT_MS,
      stopTimeoutMs: STOP_TIMEOUT_MS,
      restart,
      ...(output === undefined ? {} : { log: output }),
      onRestart: (pid) => {
        void writeFile(pidFile, String(pid)).catch(() => {});
        onRestart?.(pid);
      },
    });
    try {
      await managed.start();
      await writeFile(pidFile, String(managed.pid));
      return { process: managed, port };
    } catch (error) {
      // Somebody may have taken the free port between our look and the server's; a port that was asked for stays.
      if (options.port || attempt === ATTEMPTS) throw error;
    }
  }
}
