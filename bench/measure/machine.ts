import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';

/** What the figures were taken on, without which they say nothing. */
export interface Machine {
  readonly cpu: string;
  readonly cpus: number;
  readonly memory_gib: number;
  readonly system: string;
  /** Load average of the minute before the bench began; near 0 on a quiet machine. */
  readonly load_before: number;
  readonly node: string;
  readonly packages: Readonly<Record<string, string>>;
  readonly commit: string | null;
}

const PACKAGES = ['express', 'bullmq', 'ioredis', 'mongoose', 'mongodb', 'undici', 'pino'];

/** Describes this machine and the versions in use. */
export function describeMachine(): Machine {
  const [one = 0] = loadavg();
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cpus: availableParallelism(),
    memory_gib: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    load_before: Number(one.toFixed(2)),
    node: process.version,
    packages: Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)])),
    commit: commit(),
  };
}

function versionOf(name: string): string {
  try {
    const file = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
    return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
  } catch {
    return 'unknown';
  }
}

/** The commit of the working tree, with a plus when files differ from it; `null` outside a repository. */
function commit(): string | null {
  const git = (...args: string[]): string =>
    execFileSync('git', args, {
      cwd: new URL('../..', import.meta.url),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '-uno') === '' ? '' : '+');
  } catch {
    return null;
  }
}
