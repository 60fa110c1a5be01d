import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack } from '@owngateway/local-stack';
import { type Api, openApi } from '../../tests/parties/api.ts';
import type { Narrator } from './narrator.ts';
import { findRunningStack } from './running-stack.ts';

/** The gateway that the story is about. */
export interface Gateway {
  readonly apiUrl: string;
  readonly operator: Api;
  /** Whether it is still there when the story has been told. */
  readonly goesOn: boolean;
  /** Ends what was started for the story; a stack that ran before goes on. */
  close(): Promise<void>;
}

/** The stack that runs already, or one of its own on free ports with data that is thrown away. */
export async function openGateway(narrator: Narrator): Promise<Gateway> {
  const running = await findRunningStack();
  if (running !== null) {
    narrator.say(`The gateway that "npm start" runs is used: ${running.ingress_url} takes notifications.`);
    return {
      apiUrl: running.api_url,
      operator: openApi(running.api_url, running.operator_token),
      goesOn: true,
      close: async () => {},
    };
  }
  const startedAt = performance.now();
  const dataDir = await mkdtemp(join(tmpdir(), 'owngateway-demo-'));
  const stack = await startStack({ dataDir, log: (line) => narrator.say(line) });
  const { mongo, redis } = stack.stores;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  narrator.say(`No gateway was running, so one was started on free ports in ${seconds} s:`);
  narrator.show(
    `${mongo.kind} and ${redis.kind}; ingress ${stack.ingressUrl}, API ${stack.apiUrl}, and the dispatcher`,
  );
  return {
    apiUrl: stack.apiUrl,
    operator: openApi(stack.apiUrl, stack.mintToken({ owner: { level: 'operator', id: 'demo' } })),
    goesOn: false,
    async close() {
      await stack.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
