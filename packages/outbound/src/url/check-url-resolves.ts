import { isIP } from 'node:net';
import { createAddressGuard } from '../address/address-guard.ts';
import type { OutboundPolicy } from '../policy.ts';
import type { Resolver } from '../resolver/resolver.ts';
import { vettedAddresses } from '../resolver/vetted-addresses.ts';
import { bareHost, judgeUrl } from './check-url.ts';
import { refused, type UrlVerdict } from './url-verdict.ts';

/**
 * The check when a URL is registered: `checkUrl`, then one resolution. A name that cannot be resolved is refused. It is
 * advice for whoever registers, not protection: names change, so every connection checks again.
 *
 * Takes at most 2 s. Throws a TypeError only for a policy whose private ranges are no CIDR blocks.
 */
export async function checkUrlResolves(
  url: string | URL,
  policy: OutboundPolicy,
  resolver: Resolver,
): Promise<UrlVerdict> {
  const guard = createAddressGuard(policy);
  const verdict = judgeUrl(String(url), policy, guard);
  if (!verdict.ok) return verdict;
  const host = bareHost(verdict.url);
  if (isIP(host) !== 0) return verdict;

  const found = await vettedAddresses(host, resolver, guard);
  switch (found.kind) {
    case 'vetted':
      return verdict;
    case 'forbidden':
      return refused('address_not_allowed');
    case 'unresolved':
      return refused('host_not_resolvable');
  }
}
