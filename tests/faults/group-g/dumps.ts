import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRedisConnection } from '@owngateway/queue';
import type { Db } from 'mongodb';
import type { World } from '../../e2e/open-world.ts';

/** A text that was found somewhere, and where: `mongo:events.body`, `log:ingress`. */
export interface Found {
  where: string;
  text: string;
}

type Redis = ReturnType<typeof createRedisConnection>;

/** Everything that Redis holds, key by key, values of every kind as text. */
export async function dumpRedis(world: World): Promise<Map<string, string>> {
  const redis = createRedisConnection(world.stack.stores.redis.url, 'worker');
  const dump = new Map<string, string>();
  try {
    let cursor = '0';
    do {
      const [next, keys] = await redis.scan(cursor, 'COUNT', 1_000);
      cursor = next;
      for (const key of keys) dump.set(key, JSON.stringify(await contentOf(redis, key)));
    } while (cursor !== '0');
    return dump;
  } finally {
    redis.disconnect();
  }
}

async function contentOf(redis: Redis, key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case 'string':
      return redis.get(key);
    case 'hash':
      return redis.hgetall(key);
    case 'list':
      return redis.lrange(key, 0, -1);
    case 'set':
      return redis.smembers(key);
    case 'zset':
      return redis.zrange(key, '0', '-1');
    case 'stream':
      return redis.xrange(key, '-', '+');
    default:
      // It went away meanwhile.
      return null;
  }
}

/** What Redis has written to its disk: the append-only file and snapshots, also what was deleted since. */
export async function redisFiles(world: World): Promise<Found[]> {
  const redis = createRedisConnection(world.stack.stores.redis.url, 'worker');
  try {
    await redis.bgrewriteaof().catch(() => undefined);
  } finally {
    redis.disconnect();
  }
  const found: Found[] = [];
  for (const entry of await readdir(world.dataDir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !/(redis|valkey)-server/.test(path)) continue;
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    found.push({ where: `redis-file:${entry.name}`, text: bytes.toString('latin1') });
  }
  return found;
}

/** Every text and every byte string in MongoDB, by the path of its field. */
export async function dumpMongo(database: Db): Promise<Found[]> {
  const found: Found[] = [];
  for (const { collectionName } of await database.collections()) {
    for await (const document of database.collection(collectionName).find()) {
      collect(document, `mongo:${collectionName}`, found);
    }
  }
  return found;
}

function collect(value: unknown, where: string, found: Found[]): void {
  if (typeof value === 'string') found.push({ where, text: value });
  else if (value === null || typeof value !== 'object' || value instanceof Date) return;
  else if (Array.isArray(value)) for (const item of value) collect(item, where, found);
  else if ('buffer' in value && value.buffer instanceof Uint8Array) {
    found.push({ where, text: Buffer.from(value.buffer).toString('latin1') });
  } else {
    for (const [name, child] of Object.entries(value)) {
      found.push({ where: `${where} (names)`, text: name });
      collect(child, `${where}.${name}`, found);
    }
  }
}

/** What the supervised services have written to their logs. */
export async function serviceLogs({ dataDir }: World): Promise<Found[]> {
  return Promise.all(
    ['ingress', 'subscriptions', 'dispatcher'].map(async (name) => ({
      where: `log:${name}`,
      text: await readFile(join(dataDir, `${name}.log`), 'utf8'),
    })),
  );
}

export async function serviceMetrics({ stack }: World): Promise<Found[]> {
  return Promise.all(
    Object.values(stack.services).map(async ({ name, url }) => ({
      where: `metrics:${name}`,
      text: await (await fetch(`${url}/metrics`)).text(),
    })),
  );
}
