import type { RawNotification } from '@owngateway/connectors';
import { isSecretHeader } from '@owngateway/domain';

/** A name that is also an ordinary field name in MongoDB. */
const PLAIN_NAME = /^[a-z0-9_-]{1,100}$/;
/** What is kept of each; far more than any connector sends. */
const MAX_HEADERS = 64;
const MAX_LENGTH = 8_192;

/** The headers of a notification that are stored with it: no credentials, such as the Basic authentication that Adyen sends. */
export function keptHeaders(headers: RawNotification['headers']): Record<string, string[]> {
  const kept: Record<string, string[]> = {};
  let length = 0;
  let count = 0;
  for (const name of Object.keys(headers)) {
    const values = headers[name] ?? [];
    if (isSecretHeader(name) || !PLAIN_NAME.test(name) || name === '__proto__') {
      continue;
    }
    length += name.length + values.reduce((sum, value) => sum + value.length, 0);
    count += 1;
    if (length > MAX_LENGTH || count > MAX_HEADERS) {
      break;
    }
    kept[name] = [...values];
  }
  return kept;
}
