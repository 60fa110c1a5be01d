import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedis, freePort, guard, release, startRedis } from '@owngateway/local-stack';
import { eventually } from '../../parties/eventually.ts';
import { type FaultProxy, startFaultProxy } from '../fault-proxy.ts';
import { withRedis } from './with-redis.ts';

const NAME = 'faults';
const SENTINELS = 3;
const DOWN_AFTER_MS = 1_000;
/** Longer than a row: until then a replica may follow its primary by way of a proxy. */
const FAILOVER_TIMEOUT_MS = 60_000;

/** A primary, one replica that follows it by way of a proxy, and three sentinels that watch over both. */
export interface WatchedRedis {
  /** What a service is given: the sentinels and the name of the primary. */
  readonly url: string;
  /** The way by which the replica hears of writes. */
  readonly replication: FaultProxy;
  /** Ends the primary like `kill -9`; what had not come out of the proxy is lost. */
  killPrimary(): Promise<void>;
  /** Resolves when the sentinels have promoted the replica. */
  untilPromoted(): Promise<void>;
}

export async function startWatchedRedis(onEnd: (end: () => unknown) => void): Promise<WatchedRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'owngateway-sentinels-'));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  const { REDIS_URL: _given, ...env } = process.env;
  const start = async (name: string) => {
    const server = await startRedis({ dataDir: join(folder, name), env });
    onEnd(() => server.stop());
    return server;
  };
  const primary = await start('primary');
  const replica = await start('replica');
  const replication = await startFaultProxy(primary.url);
  onEnd(() => replication.close());
  const roleOf = (url: string) =>
    withRedis(url, async (client) => String(((await client.call('ROLE')) as unknown[])[0]));
  await withRedis(replica.url, async (client) => {
    await client.call('REPLICAOF', '127.0.0.1', portOf(replication.url));
    await eventually(async () => (await client.info('replication')).includes('master_link_status:up'), {
      what: 'the replica following its primary',
      deadlineMs: 30_000,
    });
  });
  const ports: number[] = [];
  for (let count = 0; count < SENTINELS; count += 1) {
    ports.push(await startSentinel(join(folder, `sentinel-${count}`), portOf(primary.url), onEnd));
  }
  for (const port of ports) await untilItKnowsAll(port);
  return {
    url: `redis+sentinel://${ports.map((port) => `127.0.0.1:${port}`).join(',')}/${NAME}`,
    replication,
    async killPrimary() {
      await primary.kill9();
      replication.cut();
    },
    untilPromoted: async () => {
      await eventually(async () => (await roleOf(replica.url)) === 'master', {
        what: 'the replica promoted',
        deadlineMs: 60_000,
      });
    },
  };
}

async function startSentinel(
  folder: string,
  primaryPort: string,
  onEnd: (end: () => unknown) => void,
): Promise<number> {
  const program = await findRedis(process.env, ['redis-server', 'valkey-server'], () => {});
  if (program === null) throw new Error('no Redis to run as a sentinel');
  const port = await freePort();
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'sentinel.conf');
  const watched = [
    `sentinel monitor ${NAME} 127.0.0.1 ${primaryPort} 2`,
    `sentinel down-after-milliseconds ${NAME} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${NAME} ${FAILOVER_TIMEOUT_MS}`,
  ];
  await writeFile(file, [`port ${port}`, 'bind 127.0.0.1', `dir ${folder}`, ...watched, ''].join('\n'));
  const child = spawn(program.command, [file, '--sentinel'], { stdio: 'ignore' });
  if (child.pid === undefined) throw new Error('the sentinel did not start');
  const { pid } = child;
  guard(pid);
  onEnd(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    release(pid);
  });
  return port;
}

/** Until then it might promote nobody: it has heard of the replica, and of the two others that must agree. */
async function untilItKnowsAll(port: number): Promise<void> {
  await withRedis(`redis://127.0.0.1:${port}`, async (client) => {
    await eventually(
      async () => {
        const told = (await client.call('SENTINEL', 'MASTER', NAME)) as string[];
        const count = (field: string) => Number(told[told.indexOf(field) + 1]);
        return count('num-slaves') === 1 && count('num-other-sentinels') === SENTINELS - 1;
      },
      { what: 'sentinels that know each other', deadlineMs: 30_000 },
    );
  });
}

const portOf = (url: string): string => new URL(url).port;
