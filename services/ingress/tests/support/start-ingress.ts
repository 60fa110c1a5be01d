import type { Connector } from '@owngateway/connectors';
import { testDatabaseUrl, testQueuePrefix, testRedisUrl } from '@owngateway/local-stack/testing';
import { createLogger, runService } from '@owngateway/service-kit';
import { openStore, type Store } from '@owngateway/store';
import { compose } from '../../src/compose.ts';
import { ingressSettings } from '../../src/config.ts';

export const JWT_SECRET = 'a secret of tests that is long enough for HS256';
const KEY = Buffer.alloc(32, 7);

/** The stores that one test file has to itself. */
export interface TestStores {
  mongoUrl: string;
  redisUrl: string;
  queuePrefix: string;
  /** Past any proxy. */
  store: Store;
}

export async function openTestStores(): Promise<TestStores> {
  const mongoUrl = await testDatabaseUrl();
  const store = await openStore({ mongoUrl, encryptionKeys: [{ version: 1, key: KEY }], appName: 'ingress-tests' });
  return { mongoUrl, redisUrl: await testRedisUrl(), queuePrefix: testQueuePrefix().replace(/[{}]/g, ''), store };
}

export interface RunningIngress {
  url: string;
  /** What it logged, a line each. */
  log: string[];
  /** As a SIGTERM does; answers with the exit code. */
  stop(): Promise<number | undefined>;
}

/** The service as its process runs it, but for the process; with every connector of the product unless some are given. */
export async function startIngress(
  stores: Pick<TestStores, 'mongoUrl' | 'redisUrl' | 'queuePrefix'>,
  env: Record<string, string> = {},
  connectors?: readonly Connector[],
): Promise<RunningIngress> {
  const log: string[] = [];
  const errors: string[] = [];
  let exitCode: number | undefined;
  const running = await runService({
    name: 'ingress',
    settings: ingressSettings,
    start: (context) => compose(context, connectors),
    logger: createLogger({ service: 'ingress', level: 'debug', destination: { write: (line) => void log.push(line) } }),
    host: {
      env: {
        ENVIRONMENT: 'sandbox',
        HOST: '127.0.0.1',
        PORT: '0',
        MONGO_URL: stores.mongoUrl,
        REDIS_URL: stores.redisUrl,
        QUEUE_PREFIX: stores.queuePrefix,
        PUBLIC_INGRESS_URL: 'https://gateway.example',
        ENCRYPTION_KEYS: `1:${KEY.toString('base64')}`,
        JWT_SECRET,
        JWT_ISSUER: 'tests',
        JWT_AUDIENCE: 'owngateway',
        ...env,
      },
      exit: (code) => {
        exitCode = code;
      },
      onSignal: () => undefined,
      onFault: () => undefined,
      writeError: (text) => void errors.push(text),
    },
  });
  if (running === undefined) {
    throw new Error(`ingress did not start (exit ${exitCode}): ${errors.join('')} ${log.at(-1) ?? ''}`);
  }
  return {
    url: running.url,
    log,
    async stop() {
      await running.stop('test');
      return exitCode;
    },
  };
}
