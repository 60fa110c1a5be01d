import { fileURLToPath } from 'node:url';
import type { ServiceName } from '../options.ts';

/** Where CPU profiles go (git-ignored); Chrome's developer tools and speedscope open them. */
export const PROFILES = fileURLToPath(new URL('../../.local/profiles', import.meta.url));

/**
 * NODE_OPTIONS under which one of the services profiles itself. All of them are given the same options, so the name travels in
 * the URL of the module that looks whether it runs in the right one.
 */
export function profilingOptions(service: ServiceName): string {
  const module = new URL('profile-this-process.ts', import.meta.url);
  module.searchParams.set('service', service);
  return `--import=${module.href}`;
}
