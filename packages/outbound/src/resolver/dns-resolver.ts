import { Resolver as CaresResolver, lookup } from 'node:dns/promises';
import type { ResolvedAddress, Resolver } from './resolver.ts';

/** One try of one query; with two tries a dead name server costs at most about three seconds. */
const QUERY_TIMEOUT_MS = 1_500;
const TRIES = 2;

/** Once one family has answered, how long the other may still take (RFC 8305 calls this the resolution delay). */
const OTHER_FAMILY_GRACE_MS = 300;

export interface DnsResolverOptions {
  /** Name servers as `address` or `address:port`; the system's own when absent. */
  servers?: readonly string[];
  /**
   * Asks the operating system where the name system knows nothing, and at once for names without a dot, so that
   * `/etc/hosts` and `localhost` work. For sandbox only: it runs on the four threads that file access shares, so a slow
   * name server can stall them (`dns.lookup` in the Node documentation).
   */
  useHostsFile?: boolean;
}

/**
 * Asks for A and AAAA records with c-ares, which needs no thread and follows neither search domains nor `/etc/hosts`.
 * A family that fails or is late does not take the other one with it: only addresses that are handed out, and then
 * vetted, are ever dialled, so a missing family can hide nothing.
 */
export function createDnsResolver({ servers, useHostsFile = false }: DnsResolverOptions = {}): Resolver {
  const cares = new CaresResolver({ timeout: QUERY_TIMEOUT_MS, tries: TRIES });
  if (servers) cares.setServers([...servers]);

  async function queryBothFamilies(hostname: string): Promise<ResolvedAddress[]> {
    const families = [cares.resolve4(hostname, { ttl: true }), cares.resolve6(hostname, { ttl: true })];
    await Promise.any(families);
    const answers = await Promise.all(families.map(orNothing));
    return answers.flat().map(({ address, ttl }) => ({ address, ttlS: ttl }));
  }

  return {
    async resolve(hostname) {
      if (useHostsFile && isLocalName(hostname)) return askOperatingSystem(hostname);
      try {
        return await queryBothFamilies(hostname);
      } catch (error) {
        if (useHostsFile) return askOperatingSystem(hostname);
        throw error;
      }
    },
    close: () => cares.cancel(),
  };
}

function isLocalName(hostname: string): boolean {
  return !hostname.includes('.') || hostname.endsWith('.localhost');
}

async function askOperatingSystem(hostname: string): Promise<ResolvedAddress[]> {
  return (await lookup(hostname, { all: true })).map(({ address }) => ({ address }));
}

/** The records of a family, or none if it fails or takes longer than the grace. */
async function orNothing<T>(family: Promise<T[]>): Promise<T[]> {
  const grace = Promise.withResolvers<T[]>();
  const timer = setTimeout(() => grace.resolve([]), OTHER_FAMILY_GRACE_MS);
  try {
    return await Promise.race([family.catch(() => []), grace.promise]);
  } finally {
    clearTimeout(timer);
  }
}
