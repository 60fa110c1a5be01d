import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { newId } from '@owngateway/domain';
import { testDatabaseUrl } from '@owngateway/local-stack/testing';
import { openStore, type Store } from '@owngateway/store';

jest.setTimeout(60_000);

const command = join(__dirname, '..', 'src', 'reencrypt.ts');
const [one, two] = [randomBytes(32), randomBytes(32)];
const ring = (keys: Record<number, Buffer>) =>
  Object.entries(keys)
    .map(([version, key]) => `${version}:${key.toString('base64')}`)
    .join(',');

let mongoUrl: string;
const stores: Store[] = [];

beforeAll(async () => {
  mongoUrl = await testDatabaseUrl();
});
afterAll(() => Promise.all(stores.map((store) => store.close())));

/** Runs the command as an operator does. */
function run(keys: string, ...args: string[]): Promise<{ code: number | null; output: string }> {
  const env = { PATH: process.env.PATH, MONGO_URL: mongoUrl, ENCRYPTION_KEYS: keys };
  const child = spawn(process.execPath, [command, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part: Buffer) => {
      output += part;
    });
  }
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}

async function addAccount(version: number, key: Buffer, name: string): Promise<string> {
  const store = await openStore({ mongoUrl, encryptionKeys: [{ version, key }], appName: 'tests' });
  stores.push(store);
  const now = new Date();
  const _id = newId('acct');
  const account = { _id, merchant_id: 'm_1', connector: 'stripe', name, settings: {}, status: 'enabled' as const };
  await store.connectorAccounts.create({
    ...account,
    credentials: [{ signing_secret: 'whsec_clear' }],
    created_at: now,
    updated_at: now,
  });
  return _id;
}

test('a rotation of the encryption keys, as docs/deployment.md has it', async () => {
  await addAccount(1, one, 'stripe');
  expect(await run(ring({ 1: one, 2: two }), '--check')).toEqual({
    code: 3,
    output: expect.stringContaining('connector_accounts: 1 records; 1 under key 1; 0 sealed anew'),
  });
  const done = await run(ring({ 1: one, 2: two }));
  expect(done).toEqual({ code: 0, output: expect.stringContaining('1 under key 1; 1 sealed anew') });
  expect(await run(ring({ 1: one, 2: two }), '--check')).toMatchObject({ code: 0 });
  const without = await run(ring({ 2: two }), '--check');
  expect(without).toEqual({ code: 0, output: expect.stringContaining('Everything is under key 2.') });

  // Whoever takes a key away too early is told what needs it.
  const late = await addAccount(1, one, 'late');
  const missing = await run(ring({ 2: two }));
  expect(missing.code).toBe(1);
  expect(missing.output).toContain(`cannot be opened: connector_accounts ${late} credentials: its key 1 is not in`);
  expect(missing.output).not.toMatch(/whsec_|v1\.1\./);
});

test('wrong use is told apart from what could not be done', async () => {
  expect(await run('1:short')).toEqual({ code: 2, output: expect.stringContaining('ENCRYPTION_KEYS: is not valid') });
  expect(await run(ring({ 1: one }), '--force')).toEqual({ code: 2, output: expect.stringContaining('Usage') });
});
