import { rename, rm, writeFile } from 'node:fs/promises';
import type { Stack } from '@owngateway/local-stack';
import { DEMO_MERCHANT, type DemoMerchant } from './demo-merchant.ts';

/** Writes what other programs need to use the running stack; whole or not at all, readable by its owner only. */
export async function writeStackFile(
  file: string,
  stack: Stack,
  demo: DemoMerchant,
  receiverUrl: string,
): Promise<void> {
  const facts = {
    ingress_url: stack.ingressUrl,
    api_url: stack.apiUrl,
    dashboard_url: `${stack.apiUrl}/dashboard`,
    mongo_url: stack.stores.mongo.url,
    redis_url: stack.stores.redis.url,
    environment: stack.settings.ENVIRONMENT,
    operator_token: demo.operatorToken,
    merchant_id: DEMO_MERCHANT,
    merchant_token: demo.merchantToken,
    receiver_url: receiverUrl,
    pids: stack.pids(),
  };
  const partial = `${file}.${process.pid}`;
  await writeFile(partial, `${JSON.stringify(facts, null, 2)}\n`, { mode: 0o600 });
  await rename(partial, file);
}

/** The stack is not there any more. */
export function removeStackFile(file: string): Promise<void> {
  return rm(file, { force: true });
}
