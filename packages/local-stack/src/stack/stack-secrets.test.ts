import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stackSecrets } from './stack-secrets.ts';

test('secrets are made once, kept for their owner only, and found again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'owngateway-'));
  const dataDir = join(folder, 'data');
  const made = await stackSecrets(dataDir);
  expect(made.jwt_secret.length).toBeGreaterThanOrEqual(32);
  expect(Buffer.from(made.encryption_keys.replace('1:', ''), 'base64')).toHaveLength(32);
  expect((await stat(join(dataDir, 'secrets.json'))).mode & 0o777).toBe(0o600);
  expect(await stackSecrets(dataDir)).toEqual(made);
  await rm(folder, { recursive: true });
});
