import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { testDatabaseUrl, testRedisUrl } from '@owngateway/local-stack/testing';
import { listSettings } from '@owngateway/service-kit';
import { subscriptionsSettings } from '../src/config.ts';

const MAIN = join(__dirname, '../src/main.ts');

/** The service as a process of its own, with nothing of our environment but the path. */
function start(env: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN], { env: { PATH: process.env.PATH, ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk);
    });
  }
  return { child, output: () => output };
}

async function until<T>(find: () => T | undefined): Promise<T> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error('not within 15 s');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const SECRET = 'a secret of the process test, long enough';

test('starts, is ready, says nothing secret, and stops on one signal', async () => {
  const key = Buffer.alloc(32, 9).toString('base64');
  const { child, output } = start({
    ENVIRONMENT: 'sandbox',
    PORT: '0',
    MONGO_URL: await testDatabaseUrl(),
    REDIS_URL: await testRedisUrl(),
    PUBLIC_INGRESS_URL: 'http://127.0.0.1:8080',
    PUBLIC_API_URL: 'http://127.0.0.1:8081',
    JWT_SECRET: SECRET,
    JWT_ISSUER: 'tests',
    JWT_AUDIENCE: 'tests',
    ENCRYPTION_KEYS: `1:${key}`,
  });
  const port = await until(() => /"port":(\d+)/.exec(output())?.[1]);
  const ready = await fetch(`http://127.0.0.1:${port}/readyz`);
  expect(ready.status).toBe(200);
  expect(output()).not.toContain(SECRET);
  expect(output()).not.toContain(key);
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});

test('does not start with wrong settings, and names every one of them', async () => {
  const { child, output } = start({ ENVIRONMENT: 'staging', PORT: 'http', ENCRYPTION_KEYS: 'abc' });
  expect(await once(child, 'close')).toEqual([1, null]);
  const required = listSettings(subscriptionsSettings).filter((setting) => setting.required);
  for (const name of ['PORT', ...required.map((setting) => setting.name)]) expect(output()).toContain(`  ${name}:`);
  expect(output()).toContain('JWT_SECRET');
});

test('the settings are those of the documentation', () => {
  expect(listSettings(subscriptionsSettings).map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      ...['ENVIRONMENT', 'MONGO_URL', 'REDIS_URL', 'PORT', 'METRICS_PORT', 'LOG_LEVEL', 'PUBLIC_INGRESS_URL'],
      ...['PUBLIC_API_URL', 'JWT_SECRET', 'JWT_PUBLIC_KEYS', 'JWT_JWKS_URL', 'JWT_ISSUER', 'JWT_AUDIENCE'],
      ...['ENCRYPTION_KEYS', 'ALLOWED_PRIVATE_RANGES', 'ALLOW_HTTP', 'QUEUE_PREFIX', 'QUEUE_SHARDS'],
      ...['SUPPORT_CONTACT', 'SHUTDOWN_GRACE_MS'],
    ]),
  );
});
