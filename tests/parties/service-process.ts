import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot, type ServiceName } from '@owngateway/local-stack';
import { eventually } from './eventually.ts';

/** A service without anybody who starts it again: its end can be watched. */
export interface ServiceProcess {
  readonly pid: number;
  /** Everything that it has written. */
  readonly output: () => string;
  /** Its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

/** Runs a service with these settings and nothing else of our environment. */
export function spawnService(name: ServiceName, settings: Readonly<Record<string, string>>): ServiceProcess {
  const child = spawn(process.execPath, [join(repositoryRoot, 'services', name, 'src', 'main.ts')], {
    cwd: repositoryRoot,
    env: { PATH: process.env.PATH, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  }
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve).once('error', reject);
  });
  return {
    pid: child.pid ?? 0,
    output: () => text,
    ended,
    kill: (signal) => child.kill(signal),
  };
}

/** Resolves when the service on this port says that it can work. */
export async function untilReady(port: number): Promise<void> {
  await eventually(async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok, {
    what: `a service ready on port ${port}`,
    deadlineMs: 20_000,
  });
}
