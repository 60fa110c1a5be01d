import { execFile, spawn } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { repositoryRoot } from '@owngateway/local-stack';

/** What the process inside says when it has done its work, or when it could not. */
export type Report<Found> = { found: Found } | { fault: string };

/** Where `/proc` names the network namespace that this process is in; a process inside compares. */
export const OWN_NETWORK = '/proc/self/ns/net';

/** The variable that tells the process inside which namespace it must not be in. */
export const OUTSIDE_NETWORK = 'FAULTS_OUTSIDE_NETWORK';

const PROBE = `command -v ip > /dev/null || exit 41
ip link set lo up && ip route add local 0.0.0.0/0 dev lo && ip -6 route add local ::/0 dev lo`;

let probed: Promise<string | null> | undefined;

/** Why a row of group D cannot run here, in one sentence; null when it can. */
export function namespaceObstacle(): Promise<string | null> {
  probed ??= probe();
  return probed;
}

async function probe(): Promise<string | null> {
  if (process.platform !== 'linux') return 'needs a network namespace, which only Linux has';
  try {
    await promisify(execFile)('unshare', ['-rn', 'sh', '-c', PROBE]);
    return null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return 'needs the command unshare (util-linux)';
    if (code === 41) return 'needs the command ip (iproute2)';
    return 'this machine grants no network namespace of its own with IPv4 and IPv6 (unshare -rn)';
  }
}

const DEADLINE_MS = 170_000;

/**
 * Runs one of our `*-process.ts` files in a network of its own, from which no packet leaves the machine, and answers with
 * what it found. The process ends when this one does. Throws when it could not do its work.
 */
export async function runInNamespace<Found>(
  script: URL,
  { onEnd, input }: { onEnd: (end: () => unknown) => void; input?: unknown },
): Promise<Found> {
  const child = spawn('unshare', ['-rn', process.execPath, fileURLToPath(script), JSON.stringify(input ?? null)], {
    cwd: repositoryRoot,
    env: { ...process.env, [OUTSIDE_NETWORK]: readlinkSync(OWN_NETWORK) },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    timeout: DEADLINE_MS,
  });
  onEnd(() => child.kill('SIGKILL'));
  let report: Report<Found> | undefined;
  let words = '';
  child.on('message', (message) => {
    report = message as Report<Found>;
  });
  child.stderr?.setEncoding('utf8').on('data', (part: string) => {
    words = (words + part).slice(-2_000);
  });
  const code = await new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject).once('close', (status, signal) => resolve(status ?? signal));
  });
  if (report === undefined) throw new Error(`the process inside the namespace ended with ${code}: ${words}`);
  if ('fault' in report) throw new Error(report.fault);
  return report.found;
}
