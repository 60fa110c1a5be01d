import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOnPath, freePort } from '@owngateway/local-stack';
import { MongoClient } from 'mongodb';
import { eventually } from '../../parties/eventually.ts';

const NAME = 'faults';
const MEMBERS = 3;

/** A MongoDB replica set of three processes of this machine, whose members can be frozen and killed. */
export interface ReplicaSet {
  readonly url: string;
  /** Port of the primary of this moment; waits until there is one. */
  primary(): Promise<number>;
  ports(): readonly number[];
  signal(port: number, signal: NodeJS.Signals): void;
  /** Starts a member again that was killed: same port, same data. */
  restart(port: number): Promise<void>;
  /** One member alone, whatever its state. */
  member(port: number): Promise<MongoClient>;
}

/** Why there is none here; null when there is a `mongod` to run. */
export async function whyNoReplicaSet(): Promise<string | null> {
  return (await findOnPath('mongod', process.env)) === null
    ? 'needs a real replica set: no mongod on PATH, and the embedded server has one node'
    : null;
}

/** Starts and initiates it; ended through `onEnd`. */
export async function startReplicaSet(onEnd: (end: () => unknown) => void): Promise<ReplicaSet> {
  const folder = await mkdtemp(join(tmpdir(), 'owngateway-rs-'));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  const members = new Map<number, ChildProcess>();
  const clients: MongoClient[] = [];

  async function start(port: number): Promise<void> {
    const path = join(folder, String(port));
    const args = ['--replSet', NAME, '--port', String(port), '--bind_ip', '127.0.0.1', '--dbpath', path];
    await mkdir(path, { recursive: true });
    members.set(port, spawn('mongod', [...args, '--oplogSize', '64', '--quiet'], { stdio: 'ignore' }));
    await eventually(async () => (await member(port)).db('admin').command({ ping: 1 }), {
      what: `mongod on port ${port}`,
      deadlineMs: 30_000,
    });
  }

  async function member(port: number): Promise<MongoClient> {
    const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
      serverSelectionTimeoutMS: 2_000,
    });
    clients.push(client);
    return await client.connect();
  }

  onEnd(async () => {
    await Promise.allSettled(clients.map((client) => client.close()));
    for (const child of members.values()) {
      child.kill('SIGCONT');
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
  });
  for (let count = 0; count < MEMBERS; count += 1) await start(await freePort());
  const ports = [...members.keys()];
  const first = await member(ports[0] ?? 0);
  await first.db('admin').command({
    replSetInitiate: {
      _id: NAME,
      members: ports.map((port, _id) => ({ _id, host: `127.0.0.1:${port}` })),
      settings: { electionTimeoutMillis: 2_000 },
    },
  });
  const set: ReplicaSet = {
    url: `mongodb://${ports.map((port) => `127.0.0.1:${port}`).join(',')}/owngateway?replicaSet=${NAME}`,
    primary: async () =>
      await eventually(
        async () => {
          for (const port of ports) {
            const hello = await member(port)
              .then((client) => client.db('admin').command({ hello: 1 }))
              .catch(() => null);
            if (hello?.isWritablePrimary === true) return port;
          }
          return false;
        },
        { what: 'a primary', deadlineMs: 30_000 },
      ),
    ports: () => ports,
    signal: (port, signal) => void members.get(port)?.kill(signal),
    restart: start,
    member,
  };
  await set.primary();
  return set;
}
