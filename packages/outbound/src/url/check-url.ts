import { isIP } from 'node:net';
import { type AddressGuard, createAddressGuard } from '../address/address-guard.ts';
import { admitsHttp, admitsPort, admitsPrivateRanges, type OutboundPolicy } from '../policy.ts';
import { isHostName, isInternalName, isMetadataName } from './host-names.ts';
import { refused, refusedScheme, type UrlRefusal, type UrlVerdict } from './url-verdict.ts';

const MAX_URL_LENGTH = 2048;

/**
 * What the URL parser would silently mend (tabs, newlines, spaces, backslashes, missing slashes) is refused instead: two
 * readers of such a URL may see two hosts.
 */
const UNAMBIGUOUS = /^https?:\/\/[^\s\\/?#]+([/?][^\s\\]*)?$/i;
/** Control characters, also those that are no white space. */
const CONTROL = /\p{Cc}/u;

/**
 * Judges a URL by itself, without the name system: syntax, length, scheme, user information, fragment, port, host name
 * and literal address. Hosts given as an address in any spelling are judged by the number that it stands for. Keep the
 * parsed form (`verdict.url.href`), never the text that came in.
 *
 * Throws a TypeError only for a policy whose private ranges are no CIDR blocks.
 */
export function checkUrl(input: string, policy: OutboundPolicy): UrlVerdict {
  return judgeUrl(input, policy, createAddressGuard(policy));
}

/** `checkUrl` with a guard that the caller keeps. */
export function judgeUrl(input: string, policy: OutboundPolicy, guard: AddressGuard): UrlVerdict {
  if (input.length > MAX_URL_LENGTH) return refused('url_too_long');
  if (!URL.canParse(input)) return refused('invalid_url');
  const url = new URL(input);
  if (!admitsScheme(url, policy)) return refusedScheme({ http: admitsHttp(policy) });
  const refusal = shapeRefusal(input, url) ?? placeRefusal(url, policy, guard);
  return refusal === null ? { ok: true, url } : refused(refusal);
}

/** The host of a URL without the brackets around an IPv6 address. */
export function bareHost(url: URL): string {
  return url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
}

/** The port that a connection would go to: the scheme's own when the URL names none. */
export function effectivePort(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

function admitsScheme(url: URL, policy: OutboundPolicy): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && admitsHttp(policy));
}

function shapeRefusal(input: string, url: URL): UrlRefusal | null {
  if (url.username !== '' || url.password !== '' || /^[^/]*\/\/[^/?#]*@/.test(input)) return 'credentials_not_allowed';
  if (input.includes('#')) return 'fragment_not_allowed';
  return UNAMBIGUOUS.test(input) && !CONTROL.test(input) && url.href.length <= 2 * MAX_URL_LENGTH
    ? null
    : 'invalid_url';
}

function placeRefusal(url: URL, policy: OutboundPolicy, guard: AddressGuard): UrlRefusal | null {
  if (!admitsPort(policy, effectivePort(url))) return 'port_not_allowed';
  const host = bareHost(url);
  if (isIP(host) !== 0) return guard.admits(host) ? null : 'address_not_allowed';
  if (!isHostName(host)) return 'invalid_url';
  if (isMetadataName(host)) return 'host_not_allowed';
  return isInternalName(host) && !admitsPrivateRanges(policy) ? 'host_not_allowed' : null;
}
