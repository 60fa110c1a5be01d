import { isSecretHeader, withoutCardNumbers } from '@owngateway/domain';

/** What an attempt keeps of the head of an answer, in bytes of names and values. */
const MAX_BYTES = 4_096;

/** Names that are also names of fields in MongoDB: not every server takes `.` and `$` in those. */
const STORABLE_NAME = /^[a-z0-9_-]+$/;

/**
 * The headers of an answer as an attempt stores them: in the order in which they came, until there are 4 KiB of them, without
 * credentials (the cookies that receivers and the proxies in front of them set) and without what may be a card number. A head may be 16 KiB long, and a delivery keeps up to 100 attempts in one document, which has its limit.
 */
export function storableHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const stored: Record<string, string> = {};
  let bytes = 0;
  for (const [name, value] of Object.entries(headers)) {
    if (!STORABLE_NAME.test(name) || isSecretHeader(name)) continue;
    bytes += name.length + Buffer.byteLength(value);
    if (bytes > MAX_BYTES) break;
    stored[name] = withoutCardNumbers(value);
  }
  return stored;
}
