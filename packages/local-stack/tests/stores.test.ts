import { mkdir, readdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { MongoClient } from 'mongodb';
import { type MongoKind, type ServerHandle, startMongo, startRedis, startStores, waitUntil } from '../src/index.ts';
import { redisCommand } from './redis-commands.ts';
import { removeTemporaryFolders, temporaryFolder } from './temporary-folder.ts';

jest.setTimeout(180_000);

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
  await removeTemporaryFolders();
});

async function withCollection<Result>(url: string, use: (client: MongoClient) => Promise<Result>): Promise<Result> {
  // Without `os` the driver would load it with `import()`, which jest's CommonJS does not have.
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 5_000, runtimeAdapters: { os } });
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}

/** What every MongoDB that we start must do, whichever program it is. */
async function keepsWhatItAcknowledged(mongo: ServerHandle<MongoKind>): Promise<void> {
  const firstPid = mongo.pid;
  await withCollection(mongo.url, (client) =>
    client
      .db()
      .collection('kept')
      .insertMany([{ n: 1 }, { n: 2 }], { writeConcern: { w: 'majority', journal: true } }),
  );
  await mongo.kill9();
  expect(mongo.pid).toBeNull();
  await mongo.restart();
  expect(mongo.pid).not.toBe(firstPid);
  expect(await withCollection(mongo.url, (client) => client.db().collection('kept').countDocuments())).toBe(2);
}

describe('MongoDB', () => {
  test('whatever server this machine has keeps what it acknowledged through kill -9', async () => {
    const mongo = await startMongo({ dataDir: await temporaryFolder(), env: { ...process.env, MONGO_URL: undefined } });
    running.push(mongo);
    await keepsWhatItAcknowledged(mongo);
  });

  test('the pinned Python server does so too', async () => {
    const env = { ...process.env, MONGO_URL: undefined };
    const mongo = await startMongo({ dataDir: await temporaryFolder(), env, accept: ['secantusd-py'] });
    running.push(mongo);
    expect(mongo.kind).toBe('secantusd-py');
    await keepsWhatItAcknowledged(mongo);
  });

  test('MONGO_URL is used as it is and nothing is started or stopped', async () => {
    const env = { MONGO_URL: 'mongodb://u:p@db.example:27017/?replicaSet=rs0' };
    const mongo = await startMongo({ dataDir: '/nowhere', env });
    expect(mongo).toMatchObject({ kind: 'external', pid: null });
    expect(mongo.url).toBe('mongodb://u:p@db.example:27017/owngateway?replicaSet=rs0');
    await mongo.stop();
    await expect(mongo.kill9()).rejects.toMatchObject({ code: 'not_ours' });
  });

  test('a machine that has nothing is told what to install', async () => {
    const cache = await temporaryFolder();
    const bare = startMongo({ dataDir: cache, env: { PATH: '/nonexistent', XDG_CACHE_HOME: cache } });
    await expect(bare).rejects.toMatchObject({
      code: 'no_server',
      message: expect.stringMatching(/mongod on PATH.*docker compose up.*MONGO_URL/),
    });
  });

  test('two servers never share a data folder', async () => {
    const options = { dataDir: await temporaryFolder(), env: { ...process.env, MONGO_URL: undefined } };
    const mongo = await startMongo(options);
    running.push(mongo);
    await expect(startMongo(options)).rejects.toMatchObject({ code: 'data_in_use' });
  });
});

describe('Redis', () => {
  const env = { ...process.env, REDIS_URL: undefined };

  test('has the settings that queues need', async () => {
    const redis = await startRedis({ dataDir: await temporaryFolder(), env });
    running.push(redis);
    const setting = async (name: string) =>
      (await redisCommand(redis.url, `CONFIG GET ${name}`)).split('\r\n')[4] ?? '';
    expect(await setting('maxmemory-policy')).toBe('noeviction');
    expect(await setting('appendonly')).toBe('yes');
    expect(await setting('appendfsync')).toBe('everysec');
    expect(await setting('save')).toBe('');
    expect(await setting('hash-max-listpack-value')).toBe('256');
    expect(await setting('bind')).toBe('127.0.0.1');
  });

  test('a server that was killed comes back on the same port with the same data', async () => {
    const redis = await startRedis({ dataDir: await temporaryFolder(), env });
    running.push(redis);
    await redisCommand(redis.url, 'SET kept yes');
    await redis.kill9();
    await redis.restart();
    expect(await redisCommand(redis.url, 'GET kept')).toMatch(/yes$/);
  });

  test('one that dies by itself is started again when that was asked for', async () => {
    const back: number[] = [];
    const dataDir = await temporaryFolder();
    const redis = await startRedis({ dataDir, env, restart: true, onRestart: (pid) => back.push(pid) });
    running.push(redis);
    const first = redis.pid ?? 0;
    process.kill(first, 'SIGKILL');
    expect(await waitUntil(() => back.length === 1, 10_000)).toBe(true);
    expect(redis.pid).toBe(back[0]);
    expect(redis.pid).not.toBe(first);
    expect(await redisCommand(redis.url, 'PING')).toBe('+PONG');
  });

  test('REDIS_URL is used as it is', async () => {
    const redis = await startRedis({ dataDir: '/nowhere', env: { REDIS_URL: 'rediss://cache.example:6380/2' } });
    expect(redis).toMatchObject({ kind: 'external', url: 'rediss://cache.example:6380/2', pid: null });
  });

  test('one that is too old is passed over with a line that says so', async () => {
    const folder = await temporaryFolder();
    await mkdir(`${folder}/bin`);
    await writeFile(`${folder}/bin/redis-server`, '#!/bin/sh\necho "Redis server v=5.0.14 sha=0"\n', { mode: 0o755 });
    const lines: string[] = [];
    const old = { PATH: `${folder}/bin`, XDG_CACHE_HOME: folder };
    await expect(startRedis({ dataDir: folder, env: old, log: (line) => lines.push(line) })).rejects.toMatchObject({
      code: 'no_server',
    });
    expect(lines).toEqual([expect.stringContaining('version 5.0.14, needed is 7')]);
  });
});

test('when one store cannot be started the other is stopped', async () => {
  const dataDir = await temporaryFolder();
  const env = { ...process.env, MONGO_URL: undefined, REDIS_URL: undefined };
  await expect(startStores({ dataDir, env, acceptMongo: [] })).rejects.toMatchObject({ code: 'no_server' });
  // A stopped server has taken its process id file along.
  expect((await readdir(dataDir)).filter((name) => name.endsWith('.pid'))).toEqual([]);
  expect((await readdir(dataDir)).length).toBe(1);
});
