import { homedir } from 'node:os';
import { join } from 'node:path';

/** The environment variables of a process, as far as they are read here. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where downloaded servers are kept, outside the repository so that every clone shares them (XDG base directories). */
export function cacheDirectory(env: Environment): string {
  const base = env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache');
  return join(base, 'owngateway');
}
