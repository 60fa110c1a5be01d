import type { Request } from 'express';
import type { IntakeLimit } from './intake-limit.ts';

export type BodyReading =
  | { kind: 'read'; body: Buffer }
  | { kind: 'too_large' }
  /** This process holds as many unfinished bytes as it may. */
  | { kind: 'overloaded' }
  /** The sender went away. */
  | { kind: 'aborted' };

const EMPTY = Buffer.alloc(0);

/**
 * Collects the raw bytes of a request, whatever its content type says or does not say: they are what was signed. Reads
 * no more than `maxBytes`. The bytes are on the account of `limit` until `limit.releaseBytes`.
 */
export function readBody(request: Request, maxBytes: number, limit: IntakeLimit): Promise<BodyReading> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
    return Promise.resolve({ kind: 'too_large' });
  }
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (reading: BodyReading) => {
      request.off('data', onData).off('end', onEnd).off('error', onAbort).off('close', onAbort);
      if (reading.kind !== 'read') {
        // What else comes is thrown away, so that the sender gets to read our answer; the server's time limit ends it.
        request.resume();
        limit.releaseBytes(length);
      }
      resolve(reading);
    };
    const onData = (chunk: Buffer) => {
      if (length + chunk.length > maxBytes) {
        settle({ kind: 'too_large' });
      } else if (limit.holdBytes(chunk.length)) {
        length += chunk.length;
        chunks.push(chunk);
      } else {
        settle({ kind: 'overloaded' });
      }
    };
    const onEnd = () => {
      const [first = EMPTY] = chunks;
      settle({ kind: 'read', body: chunks.length <= 1 ? first : Buffer.concat(chunks, length) });
    };
    const onAbort = () => settle({ kind: 'aborted' });
    request.on('data', onData).on('end', onEnd).on('error', onAbort).on('close', onAbort);
  });
}
