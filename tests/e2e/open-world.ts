import { appendFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  freePort,
  type ServiceName,
  type Settings,
  type Stack,
  settingsFor,
  startStack,
} from '@owngateway/local-stack';
import { type Api, openApi } from '../parties/api.ts';
import { createMerchant, type Merchant } from '../parties/onboarding.ts';
import { openReceiver, type Receiver } from '../parties/receiver.ts';
import type { ReceiverMode } from '../parties/receiver-mode.ts';
import { type ServiceProcess, spawnService, untilReady } from '../parties/service-process.ts';

/** One more process of a service, whose end nobody repairs. */
export interface Replica extends ServiceProcess {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
}

/** A whole gateway in processes of its own, and the parties around it. */
export interface World {
  readonly stack: Stack;
  /** The stores' files, and the supervised processes' lines in `<name>.log`. */
  readonly dataDir: string;
  /** The API with an operator's token. */
  readonly operator: Api;
  merchant(id: string, above?: { portfolio_id?: string; reseller_id?: string }): Promise<Merchant>;
  /** A receiver that is closed with the world. */
  receiver(name: string, mode?: ReceiverMode): Promise<Receiver>;
  /**
   * Starts one more process of a service on the same stores, beside the supervised one, and resolves when it is ready. It
   * has the world's settings and these above them, also those of Node itself (`NODE_OPTIONS`). Killed with the world.
   */
  addReplica(service: ServiceName, settings?: Settings): Promise<Replica>;
  close(): Promise<void>;
}

/**
 * Starts stores and services on free ports with data of their own, so that worlds live side by side. Stores that the
 * environment names are passed over: the stories end them. `KEEP_DATA=1` leaves the data and the processes' lines.
 */
export async function openWorld(settings: Settings = {}): Promise<World> {
  const dataDir = await mkdtemp(join(tmpdir(), 'owngateway-e2e-'));
  const receivers: Receiver[] = [];
  const replicas: Replica[] = [];
  const { MONGO_URL: _mongo, REDIS_URL: _redis, ...env } = process.env;
  const stack = await startStack({
    dataDir,
    env,
    settings: { RATE_LIMIT_PER_S: '10000', ...settings },
    output: (name, line) => appendFileSync(join(dataDir, `${name}.log`), `${line}\n`),
  });
  const operator = openApi(stack.apiUrl, stack.mintToken({ owner: { level: 'operator', id: '*' } }));
  return {
    stack,
    dataDir,
    operator,
    merchant: (id, above) => createMerchant(operator, stack.apiUrl, id, above),
    async receiver(name, mode) {
      const receiver = await openReceiver(name, mode);
      receivers.push(receiver);
      return receiver;
    },
    async addReplica(service, more = {}) {
      const port = await freePort();
      const replica: Replica = {
        ...spawnService(service, { ...settingsFor(service, stack.settings), ...more, PORT: String(port) }),
        url: `http://127.0.0.1:${port}`,
      };
      replicas.push(replica);
      await untilReady(port, replica);
      return replica;
    },
    async close() {
      for (const replica of replicas) replica.kill('SIGKILL');
      await Promise.all(replicas.map(({ ended }) => ended));
      for (const { pid, output } of replicas) appendFileSync(join(dataDir, `replica-${pid}.log`), output());
      await stack.stop();
      await Promise.all(receivers.map((receiver) => receiver.close()));
      if (process.env.KEEP_DATA === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A world for the tests of the surrounding `describe`, opened before the first and closed after the last. */
export function sharedWorld(settings?: Settings): () => World {
  let world: World | undefined;
  beforeAll(async () => {
    world = await openWorld(settings);
  });
  afterAll(() => world?.close());
  return () => {
    if (world === undefined) throw new Error('the world was not opened');
    return world;
  };
}
