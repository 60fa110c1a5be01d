import type { IncomingMessage } from 'node:http';

/** Names and values; many times what connectors, browsers and proxies send together. */
export const MAX_HEADERS = 200;

/**
 * The status with which a request is refused for its head alone, or null. Node's parser refuses most of what is ambiguous;
 * what it lets pass and what a proxy in front of us may read otherwise is refused here (RFC 9112, 3.2, 6.1 and 6.3).
 */
export function refusedHead({ rawHeaders, headers, httpVersion }: IncomingMessage): 400 | 431 | null {
  if (rawHeaders.length > 2 * MAX_HEADERS) return 431;
  if (headers.host === undefined && httpVersion !== '1.0') return 400;
  const coding = headers['transfer-encoding'];
  if (coding === undefined) return null;
  return coding.toLowerCase() === 'chunked' && httpVersion === '1.1' ? null : 400;
}
