import { admitsPrivateRanges, type OutboundPolicy } from '../policy.ts';
import { createBoundedResolver } from './bounded-resolver.ts';
import { createCachingResolver } from './caching-resolver.ts';
import { createDnsResolver } from './dns-resolver.ts';
import { createHostsFileResolver } from './hosts-file-resolver.ts';
import type { Resolver } from './resolver.ts';

export interface NameSystemOptions {
  policy: OutboundPolicy;
  /** `DNS_SERVERS`: as `address` or `address:port`; those of the machine when absent. */
  nameServers?: readonly string[] | undefined;
  /** Asked instead of the name system; it is bounded and cached all the same. */
  resolver?: Resolver | undefined;
  /** Monotonic milliseconds. Default `performance.now`. */
  clock?: () => number;
}

/** The name system as everything here asks it: bounded, cached, and without the operating system's resolver (ADR 0016). */
export function createNameSystem(options: NameSystemOptions): Resolver {
  const { policy, nameServers, clock = () => performance.now() } = options;
  return createCachingResolver(
    createBoundedResolver(options.resolver ?? sourceOf(policy, nameServers), { nowMs: clock }),
    clock,
  );
}

function sourceOf(policy: OutboundPolicy, nameServers: readonly string[] | undefined): Resolver {
  const dns = createDnsResolver(nameServers && { servers: nameServers });
  return admitsPrivateRanges(policy) ? createHostsFileResolver(dns) : dns;
}
