import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { ResolvedAddress, Resolver } from './resolver.ts';

const HOSTS_FILE = '/etc/hosts';

/**
 * Names of this machine and its neighbours first (`localhost`, what a hosts file lists), then the name system. For a
 * sandbox with private ranges only. The file is read here because `dns.lookup`, which would read it too, keeps one of the
 * four threads that file access shares for as long as a slow name server takes.
 */
export function createHostsFileResolver(inner: Resolver, file: string = HOSTS_FILE): Resolver {
  return {
    async resolve(hostname) {
      const listed = addressesIn(await readFile(file, 'utf8').catch(() => ''), hostname);
      if (listed.length > 0) return listed;
      return isLocalhost(hostname) ? [{ address: '127.0.0.1' }] : inner.resolve(hostname);
    },
    close: () => inner.close?.(),
  };
}

/** RFC 6761, 6.3: never a question for the name system. */
function isLocalhost(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost');
}

/** Lines of an address and names (hosts(5)); case does not matter, `#` begins a comment. */
function addressesIn(text: string, hostname: string): ResolvedAddress[] {
  return text.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().toLowerCase().split(/\s+/);
    return isIP(address) !== 0 && names.includes(hostname) ? [{ address }] : [];
  });
}
