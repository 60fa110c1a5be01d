// Seals all secrets in MongoDB anew under the last key of ENCRYPTION_KEYS; `--check` only says which keys are in use. Steps of
// a rotation: docs/deployment.md. Exit codes: reencryption/reencrypt.ts.
import { parseArgs } from 'node:util';
import { defineSettings, describeError, fields, loadSettings, SettingsError } from '@owngateway/service-kit';
import { openStore } from '@owngateway/store';
import { EXIT, reencrypt } from './reencryption/reencrypt.ts';

const USAGE = 'Usage: reencrypt.ts [--check], with MONGO_URL and ENCRYPTION_KEYS set as for the services.';
const settings = defineSettings({ MONGO_URL: fields.mongoUrl, ENCRYPTION_KEYS: fields.encryptionKeys });

const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const { check } = parseArgs({ options: { check: { type: 'boolean', default: false } } }).values;
  const { MONGO_URL, ENCRYPTION_KEYS } = loadSettings(settings, process.env);
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => ending.abort(new Error(`ended by ${signal}; run it again to go on`)));
  }
  const store = await openStore({
    mongoUrl: MONGO_URL,
    encryptionKeys: ENCRYPTION_KEYS,
    appName: 'owngateway-reencrypt',
  });
  try {
    return await reencrypt(store.seals, { check }, say, ending.signal);
  } finally {
    await store.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  const isUsage = error instanceof SettingsError || (error instanceof TypeError && 'code' in error);
  process.stderr.write(`${describeError(error).message}\n${isUsage ? `${USAGE}\n` : ''}`);
  process.exitCode = isUsage ? EXIT.usage : EXIT.incomplete;
}
