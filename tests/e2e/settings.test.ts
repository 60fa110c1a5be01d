import { createConnection } from 'node:net';
import { freePort, type ServiceName, serviceNames } from '@owngateway/local-stack';
import { spawnService } from '../parties/service-process.ts';

jest.setTimeout(30_000);

const GOOD = {
  ENVIRONMENT: 'sandbox',
  MONGO_URL: 'mongodb://127.0.0.1:1/owngateway',
  REDIS_URL: 'redis://127.0.0.1:1',
  ENCRYPTION_KEYS: `1:${Buffer.alloc(32, 1).toString('base64')}`,
  JWT_SECRET: 'a secret for tests that has at least 32 bytes',
  JWT_ISSUER: 'issuer',
  JWT_AUDIENCE: 'audience',
  PUBLIC_INGRESS_URL: 'https://hooks.example.com',
  PUBLIC_API_URL: 'https://api.example.com',
};

/** What every service cannot do without; the others besides. */
const REQUIRED: Record<ServiceName, readonly string[]> = {
  ingress: ['JWT_SECRET', 'JWT_ISSUER', 'JWT_AUDIENCE', 'PUBLIC_INGRESS_URL'],
  subscriptions: ['JWT_SECRET', 'JWT_ISSUER', 'JWT_AUDIENCE', 'PUBLIC_INGRESS_URL', 'PUBLIC_API_URL'],
  dispatcher: [],
};
const COMMON = ['ENVIRONMENT', 'MONGO_URL', 'REDIS_URL', 'ENCRYPTION_KEYS'];

/** Runs it to its end and tells whether anybody ever listened. */
async function runToEnd(name: ServiceName, settings: Record<string, string>) {
  const port = await freePort();
  const service = spawnService(name, { ...settings, PORT: String(port) });
  const looking = listens(port, service.ended);
  const code = await service.ended;
  return { code, output: service.output(), listened: await looking };
}

async function listens(port: number, ended: Promise<unknown>): Promise<boolean> {
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  while (!isOver) if (await connects(port)) return true;
  return false;
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true)).once('error', () => setTimeout(resolve, 10, false));
    socket.once('connect', () => socket.destroy());
  });
}

describe.each(serviceNames)('%s with wrong settings', (name) => {
  test('stops before it listens and names everything that is missing', async () => {
    const { code, output, listened } = await runToEnd(name, {});
    expect({ code, listened }).toEqual({ code: 1, listened: false });
    for (const setting of [...COMMON, ...REQUIRED[name]]) expect(output).toContain(`${setting}: is missing`);
  });

  test('names every wrong value in one message, and no secret', async () => {
    const wrong = {
      ...GOOD,
      ENVIRONMENT: 'staging',
      MONGO_URL: 'mysql://user:hunter2@127.0.0.1/x',
      ENCRYPTION_KEYS: '1:c2hvcnQ=',
      SHUTDOWN_GRACE_MS: 'soon',
    };
    const { code, output, listened } = await runToEnd(name, wrong);
    expect({ code, listened }).toEqual({ code: 1, listened: false });
    expect(output).toContain('4 settings are wrong');
    for (const setting of ['ENVIRONMENT', 'MONGO_URL', 'ENCRYPTION_KEYS', 'SHUTDOWN_GRACE_MS']) {
      expect(output).toContain(`  ${setting}: `);
    }
    expect(output).not.toMatch(/hunter2|c2hvcnQ/);
  });
});
