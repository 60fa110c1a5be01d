import { Resolver as CaresResolver } from 'node:dns/promises';
import type { ResolvedAddress, Resolver } from './resolver.ts';

/** One try of one query; both tries of a dead name server end within the budget of a look-up. */
const QUERY_TIMEOUT_MS = 900;
const TRIES = 2;

/** Once one family has answered, how long the other may still take (RFC 8305 calls this the resolution delay). */
const OTHER_FAMILY_GRACE_MS = 300;

export interface DnsResolverOptions {
  /** Name servers as `address` or `address:port`; the system's own when absent. */
  servers?: readonly string[];
}

/**
 * Asks for A and AAAA records with c-ares, which needs no thread, keeps no cache here, and follows neither search domains
 * nor `/etc/hosts`. A family that fails or is late does not take the other one with it: only addresses that are handed
 * out, and then vetted, are ever dialled, so a missing family can hide nothing.
 */
export function createDnsResolver({ servers }: DnsResolverOptions = {}): Resolver {
  const cares = new CaresResolver({ timeout: QUERY_TIMEOUT_MS, tries: TRIES });
  if (servers) cares.setServers([...servers]);

  return {
    async resolve(hostname): Promise<ResolvedAddress[]> {
      const families = [cares.resolve4(hostname, { ttl: true }), cares.resolve6(hostname, { ttl: true })];
      await Promise.any(families);
      const answers = await Promise.all(families.map(orNothing));
      return answers.flat().map(({ address, ttl }) => ({ address, ttlS: ttl }));
    },
    close: () => cares.cancel(),
  };
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
