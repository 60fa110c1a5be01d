import type { RawNotification } from '@owngateway/connectors';
import type { Request } from 'express';
import type { AccountPath } from '../accounts/account-path.ts';

/**
 * The request as its connector meant it.
 *
 * @param publicUrl `PUBLIC_INGRESS_URL`: what was pasted into the connector's dashboard; never the `Host` header, which
 *   anybody can write (Square signs the URL)
 */
export function rawNotificationOf(
  request: Request,
  path: AccountPath,
  body: Buffer,
  publicUrl: string,
): RawNotification {
  const at = request.originalUrl.indexOf('?');
  return {
    method: request.method,
    headers: headersOf(request.rawHeaders),
    query: at < 0 ? '' : request.originalUrl.slice(at + 1),
    body,
    url: `${publicUrl}/webhooks/${path.merchantId}/${path.name}`,
  };
}

/** Every repetition apart. `headersDistinct` would do, but broke on a header named `__proto__` (CVE-2026-21710). */
function headersOf(rawHeaders: readonly string[]): Record<string, string[]> {
  const headers: Record<string, string[]> = Object.create(null);
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] as string).toLowerCase();
    const value = rawHeaders[index + 1] as string;
    const values = headers[name];
    if (values === undefined) {
      headers[name] = [value];
    } else {
      values.push(value);
    }
  }
  return headers;
}
