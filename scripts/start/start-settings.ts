import { join, resolve } from 'node:path';
import { LocalStackError, repositoryRoot } from '@owngateway/local-stack';

/** What the command line and the environment say about this start. */
export interface StartSettings {
  readonly dataDir: string;
  readonly stackFile: string;
  readonly fresh: boolean;
  readonly ports: { ingress: number; subscriptions: number; dispatcher: number };
  readonly receiverPort: number;
}

function port(name: string, usual: number): number {
  const text = process.env[name] ?? String(usual);
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= 65_535) return number;
  throw new LocalStackError('bad_setting', `${name} must be a port, 0 to 65535 (0 takes any free one), not "${text}".`);
}

/** Reads them; the only place of `npm start` that looks at the environment. Throws `bad_setting`. */
export function startSettings(args: readonly string[]): StartSettings {
  const unknown = args.find((argument) => argument !== '--fresh');
  if (unknown !== undefined) {
    throw new LocalStackError('bad_setting', `npm start knows no ${unknown}; there is only: npm start -- --fresh`);
  }
  const chosen = process.env.DATA_DIR;
  const local = join(repositoryRoot, '.local');
  const dataDir = chosen ? resolve(chosen) : join(local, 'data');
  return {
    dataDir,
    stackFile: join(chosen ? dataDir : local, 'stack.json'),
    fresh: args.includes('--fresh'),
    ports: {
      ingress: port('INGRESS_PORT', 8080),
      subscriptions: port('API_PORT', 8081),
      dispatcher: port('DISPATCHER_PORT', 8082),
    },
    receiverPort: port('RECEIVER_PORT', 8083),
  };
}
