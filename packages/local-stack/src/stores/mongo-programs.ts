import { join } from 'node:path';
import { cacheDirectory, type Environment } from '../install/cache-directory.ts';
import { executable, findOnPath } from '../install/find-on-path.ts';
import { installWheel } from '../install/install-wheel.ts';
import { runCommand } from '../install/run-command.ts';
import type { LineSink } from '../process/split-lines.ts';
import type { ServerProgram } from './owned-server.ts';
import type { MongoKind } from './server-handle.ts';

/** The pinned versions of the embedded MongoDB-speaking server (docs/adr: embedded stack). */
export const SECANTUS_RUST_VERSION = '0.5.3-beta.193';
const SECANTUS_PYTHON_VERSION = '0.7.0b3';

type Own = Exclude<MongoKind, 'external'>;
type Finder = (env: Environment, log: LineSink) => Promise<ServerProgram<Own> | null>;

/**
 * A standalone mongod: on one node `w: majority` with `j: true` means journalled, which is all that the product asks for, and no
 * replica set has to be initiated first.
 */
const mongod: Finder = async (env) => {
  const command = await findOnPath('mongod', env);
  if (command === null) return null;
  const { stdout } = await runCommand(command, ['--version'], { env, timeoutMs: 20_000 });
  return {
    kind: 'mongod',
    version: /db version v(\S+)/.exec(stdout)?.[1] ?? null,
    command,
    env,
    args: (port, folder) => [
      ...['--port', String(port), '--bind_ip', '127.0.0.1', '--dbpath', folder],
      ...['--wiredTigerCacheSizeGB', '0.5', '--quiet', '--logpath', join(folder, '..', 'mongod.log'), '--logappend'],
    ],
  };
};

/** Without `--sync-on-commit` it was seen to lose acknowledged writes when it is killed; with it none. */
function secantusArgs(port: number, folder: string): string[] {
  return [
    ...['--host', '127.0.0.1', '--port', String(port), '--storage-path', folder],
    ...['--sync-on-commit', '--cache-size', '256M', '--log-level', 'WARNING'],
  ];
}

/** Where `npm run mongo:build` puts the Rust server. */
export function secantusRustFolder(env: Environment): string {
  return join(cacheDirectory(env), `secantusd-rs-${SECANTUS_RUST_VERSION}`);
}

const secantusRust: Finder = async (env) => {
  const built = join(secantusRustFolder(env), 'bin', 'secantusd-rs');
  const command = (await executable(built)) ? built : await findOnPath('secantusd-rs', env);
  if (command === null) return null;
  const { stdout } = await runCommand(command, ['--version'], { env, timeoutMs: 20_000 });
  const version = /secantusd-rs (\S+)/.exec(stdout)?.[1] ?? null;
  return { kind: 'secantusd-rs', version, command, env, args: secantusArgs };
};

const secantusPython: Finder = async (env, log) => {
  const folder = join(cacheDirectory(env), `secantusdb-${SECANTUS_PYTHON_VERSION}`);
  const python = await installWheel(
    {
      requirement: `SecantusDB==${SECANTUS_PYTHON_VERSION}`,
      folder,
      minors: { from: 10, to: 13 },
      withDependencies: true,
      announcement: `No mongod on this machine: fetching SecantusDB ${SECANTUS_PYTHON_VERSION} (a MongoDB-speaking server for development, about 50 MB to download, once) into ${folder}`,
    },
    env,
    log,
  );
  if (python === null) return null;
  return {
    kind: 'secantusd-py',
    version: SECANTUS_PYTHON_VERSION,
    command: python.executable,
    env: { ...env, PYTHONPATH: folder },
    args: (port, data) => [join(folder, 'bin', 'secantusd-py'), ...secantusArgs(port, data)],
  };
};

/** Where a MongoDB may come from, in the order in which they are tried. */
export const mongoFinders: Readonly<Record<Own, Finder>> = {
  mongod,
  'secantusd-rs': secantusRust,
  'secantusd-py': secantusPython,
};
