/** A field name as HTTP allows it (RFC 9110, 5.6.2). */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/;

/**
 * Headers that a merchant may not set, because they steer the connection or another party's parsing (host, length,
 * framing), because they are the proof that a request is ours, or because the gateway says them itself.
 */
const RESERVED = new Set([
  'accept',
  'accept-encoding',
  'authorization',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'cookie',
  'cookie2',
  'date',
  'expect',
  'forwarded',
  'host',
  'http2-settings',
  'keep-alive',
  'origin',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'referer',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'via',
  'x-event-type',
  'x-real-ip',
  'x-request-id',
  'x-signature',
]);

const RESERVED_PREFIXES = ['webhook-', 'svix-', 'x-delivery-', 'x-forwarded-', 'x-owngateway-', 'sec-', 'proxy-'];

/** Visible ASCII, with spaces inside; no CR, LF, NUL, nor anything that a proxy might read differently. */
const VALUE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** Why a header name cannot be set; null when it can. `authentication` may set `Authorization`, `headers` may not. */
export function headerNameFault(name: string, use: 'headers' | 'authentication'): string | null {
  if (!TOKEN.test(name)) return 'Is not a header name.';
  const lower = name.toLowerCase();
  if (lower === 'authorization') {
    return use === 'authentication' ? null : 'Is set by "authentication".';
  }
  if (RESERVED.has(lower) || RESERVED_PREFIXES.some((prefix) => lower.startsWith(prefix))) {
    return 'Is set by the gateway or the connection and cannot be chosen.';
  }
  return null;
}

/** Can it be sent as a header's value, unchanged? */
export function isHeaderValue(value: string): boolean {
  return VALUE.test(value);
}
