import { checkUrlResolves, type OutboundPolicy, type Resolver, type UrlVerdict } from '@owngateway/outbound';
import type { FieldFault } from '@owngateway/service-kit';

/** Judges a URL that somebody wants to be called at. */
export type UrlRule = (url: string) => Promise<UrlVerdict>;

/** The rule of this installation: shape, scheme, and where the name leads (002.10). Every connection checks again. */
export function urlRule(policy: OutboundPolicy, names: Resolver): UrlRule {
  return (url) => checkUrlResolves(url, policy, names);
}

/** The refusal as a fault of the field; it never names the address that was resolved. */
export function faultOfUrl(verdict: UrlVerdict, field = 'url'): FieldFault[] {
  return verdict.ok ? [] : [{ field, code: verdict.code, message: verdict.message }];
}
