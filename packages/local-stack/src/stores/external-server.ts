import { LocalStackError } from '../errors.ts';
import type { ServerHandle } from './server-handle.ts';

/** A server named by the environment: used as it is, never started and never stopped. */
export function externalServer(name: string, setting: string, url: string): ServerHandle<'external'> {
  const refuse = (): Promise<never> =>
    Promise.reject(
      new LocalStackError(
        'not_ours',
        `${name} comes from ${setting} and is not ours to end: unset ${setting} for this.`,
      ),
    );
  return { kind: 'external', url, pid: null, version: null, kill9: refuse, restart: refuse, stop: async () => {} };
}
