import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Made-up secrets of a local stack. They live beside its data, so that a second start reads what the first encrypted. */
export interface StackSecrets {
  readonly jwt_secret: string;
  /** As ENCRYPTION_KEYS has it. */
  readonly encryption_keys: string;
  /** What the demo's Stripe notifications are signed with. */
  readonly stripe_signing_secret: string;
}

/** The secrets kept in the data folder, made when it has none; readable by their owner only. */
export async function stackSecrets(dataDir: string): Promise<StackSecrets> {
  const file = join(dataDir, 'secrets.json');
  try {
    return JSON.parse(await readFile(file, 'utf8')) as StackSecrets;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const made: StackSecrets = {
    jwt_secret: randomBytes(32).toString('hex'),
    encryption_keys: `1:${randomBytes(32).toString('base64')}`,
    stripe_signing_secret: `whsec_${randomBytes(24).toString('hex')}`,
  };
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await writeFile(file, JSON.stringify(made, null, 2), { mode: 0o600, flag: 'wx' });
  return made;
}
