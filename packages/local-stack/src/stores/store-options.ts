import type { Environment } from '../install/cache-directory.ts';
import type { LineSink } from '../process/split-lines.ts';

/** How a store is found or started. */
export interface StoreOptions<Kind extends string> {
  /** Where its data is; made when it is missing. Each kind of server has its own folder in it, their formats differ. */
  readonly dataDir: string;
  /** TCP port on 127.0.0.1; any free one when left out or 0. */
  readonly port?: number;
  /** Where to look for settings, PATH and the cache; `process.env` by default. */
  readonly env?: Environment;
  /** Which kinds will do; all by default. The benchmark refuses some. */
  readonly accept?: readonly Kind[];
  /** Start it again when it dies by itself (not after `kill9` or `stop`). Off by default. */
  readonly restart?: boolean;
  /** Takes what a person should know: what is fetched and why, what was passed over. Silent by default. */
  readonly log?: LineSink;
  /** Takes the lines that the server itself writes. Silent by default; an error carries the last ones anyway. */
  readonly output?: LineSink;
  /** Called when it answers again after it had died, with its new process id. */
  readonly onRestart?: (pid: number) => void;
}
