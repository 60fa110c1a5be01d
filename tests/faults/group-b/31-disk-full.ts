import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startMongo } from '@owngateway/local-stack';
import { MongoClient } from 'mongodb';
import { openShops } from '../../e2e/stories/shops.ts';
import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import { inLanes, openSender } from '../../parties/sender.ts';
import type { FaultRow } from '../fault-row.ts';
import { judge } from '../judge.ts';
import { commandOfMongo } from './mongo-command.ts';

const DISK_MIB = 400;
const NOTIFICATIONS = 600;

/** The disk of MongoDB is full: in a mount namespace, on a small file system in memory. */
export const diskFull: FaultRow = {
  number: 31,
  group: 'B',
  fault: `The disk of MongoDB (${DISK_MIB} MiB) is full for a while`,
  bar: '503, no 2xx without its write, lost 0, recovers when there is room and the server is started again',
  short: false,
  obstacle: () =>
    spawnSync('unshare', ['-rm', 'true']).status === 0
      ? null
      : 'needs Linux and a mount namespace of its own (unshare -rm)',
  async run({ openWorld, onEnd }) {
    const disk = await startMongoOnSmallDisk(onEnd);
    const world = await openWorld({ MONGO_URL: disk.url });
    const { account, recipients } = await openShops(world, 'm_disk', ['disk-shop']);
    const sender = openSender();
    const post = (name: string) => sender.post(account, stripePayment(name, account.secret));
    await inLanes(NOTIFICATIONS / 2, 16, async (index) => void (await post(`roomy${index}`)));

    disk.fill();
    const answers = new Map<number | null, number>();
    const until = performance.now() + 40_000;
    let refusedInARow = 0;
    for (let index = 0; refusedInARow < 20 && performance.now() < until; index += 1) {
      const status = await post(`full${index}`);
      answers.set(status, (answers.get(status) ?? 0) + 1);
      refusedInARow = status === 200 ? 0 : refusedInARow + 1;
    }
    const ready = await fetch(`${world.stack.ingressUrl}/readyz`).then(({ status }) => status);
    disk.free();
    await inLanes(NOTIFICATIONS / 2, 16, (index) =>
      sender.postUntilTaken(account, stripePayment(`again${index}`, account.secret), 60_000),
    );
    await eventually(async () => (await fetch(`${world.stack.ingressUrl}/readyz`)).ok, {
      what: 'ready again',
      deadlineMs: 30_000,
    });
    const found = await judge(world, { acked: sender.acked, recipients, maxDuplicates: 200 });
    const wrong = [...answers.keys()].filter((status) => status !== 200 && status !== 503).length;
    return {
      met: found.met && wrong === 0 && refusedInARow >= 20,
      figure: `${found.figure}; answers while full: ${[...answers].map(([status, times]) => `${status} x ${times}`).join(', ')}; /readyz ${ready}`,
      figures: { ...found.figures, ready_status_while_full: ready, refused: answers.get(503) ?? 0 },
    };
  },
};

/** A server of the kind that worlds have, started again whenever it ends, until the row does. */
async function startMongoOnSmallDisk(onEnd: (end: () => unknown) => void) {
  const folder = await mkdtemp(join(tmpdir(), 'owngateway-disk-'));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  const { MONGO_URL: _mongo, ...env } = process.env;
  const model = await startMongo({ dataDir: join(folder, 'model'), env });
  const server = commandOfMongo(model.pid ?? 0, port, folder)
    .map(quoted)
    .join(' ');
  await model.stop();
  const filler = quoted(join(folder, 'filler'));
  // Reads a line per order; the mount goes away with the namespace. A server that has panicked and lives on is ended, as its
  // operator would (a mongod ends itself).
  const script = [
    `mount -t tmpfs -o size=${DISK_MIB}m tmpfs ${quoted(folder)}`,
    `serve() { while :; do ${server} >/dev/null 2>&1 & echo $! >${quoted(join(folder, 'pid'))}; wait $!; sleep 0.5; done; }`,
    'serve &',
    'while read -r order; do',
    `  case "$order" in fill) dd if=/dev/zero of=${filler} bs=1M >/dev/null 2>&1 ;;`,
    `  free) rm -f ${filler}; kill -9 "$(cat ${quoted(join(folder, 'pid'))})" ;; esac`,
    'done',
  ].join('\n');
  // A process id namespace as well: everything in it ends with its first process.
  const child: ChildProcess = spawn('unshare', ['-rmpf', '--kill-child', 'sh', '-c', script], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  onEnd(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  const url = `mongodb://127.0.0.1:${port}/owngateway?directConnection=true`;
  await eventually(
    async () => {
      const client = await MongoClient.connect(url, { serverSelectionTimeoutMS: 1_000 });
      await client.close();
      return true;
    },
    { what: 'MongoDB on the small disk', deadlineMs: 30_000 },
  );
  return { url, fill: () => child.stdin?.write('fill\n'), free: () => child.stdin?.write('free\n') };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
