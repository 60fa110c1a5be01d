import { join } from 'node:path';
import { LENDER_VARIABLE, type Lender, lendStores } from '@owngateway/local-stack/testing';

declare global {
  var testStoresLender: Lender | undefined;
}

/** Before all tests: offers one MongoDB and one Redis for the whole run, started when the first test asks for them. */
export default async function globalSetup(config: { rootDir: string }): Promise<void> {
  const lender = await lendStores(join(config.rootDir, '.local', 'test-stack'));
  globalThis.testStoresLender = lender;
  process.env[LENDER_VARIABLE] = lender.url;
}
