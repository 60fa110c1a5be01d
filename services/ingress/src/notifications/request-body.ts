import type { Request } from 'express';
import type { HeldBody, IntakeLimit } from './intake-limit.ts';

export type BodyReading =
  /** The bytes are on the account of the limit until `held.release()`. */
  | { kind: 'read'; body: Buffer; held: HeldBody }
  | { kind: 'too_large' }
  /** This process holds as many unfinished bytes as it may. */
  | { kind: 'overloaded' }
  /** The sender went away. */
  | { kind: 'aborted' };

const EMPTY = Buffer.alloc(0);
/** Below this, growing costs more than it saves. */
const LEAST_CAPACITY = 1_024;

/**
 * Collects the raw bytes of a request, whatever its content type says or does not say: they are what was signed. Holds
 * no more than `maxBytes`, however small the pieces are that they come in.
 */
export function readBody(request: Request, maxBytes: number, limit: IntakeLimit): Promise<BodyReading> {
  const announced = Number(request.headers['content-length'] ?? maxBytes);
  if (announced > maxBytes) {
    return Promise.resolve({ kind: 'too_large' });
  }
  return new Promise((resolve) => {
    const held = limit.begin(() => settle({ kind: 'overloaded' }));
    const bytes = new GrowingBytes(announced, held);
    const settle = (reading: BodyReading) => {
      request.off('data', onData).off('end', onEnd).off('error', onAbort).off('close', onAbort);
      if (reading.kind !== 'read') {
        // What else comes is thrown away, so that the sender gets to read our answer; the server's time limit ends it.
        request.resume();
        held.release();
      }
      resolve(reading);
    };
    const onData = (piece: Buffer) => {
      if (bytes.length + piece.length > maxBytes) {
        settle({ kind: 'too_large' });
      } else if (!bytes.add(piece)) {
        settle({ kind: 'overloaded' });
      }
    };
    const onEnd = () => {
      held.complete();
      settle({ kind: 'read', body: bytes.all(), held });
    };
    const onAbort = () => settle({ kind: 'aborted' });
    request.on('data', onData).on('end', onEnd).on('error', onAbort).on('close', onAbort);
  });
}

/**
 * The pieces of a body in one piece of memory. Nearly every body comes whole and is taken as it is; a list of pieces would
 * weigh hundreds of times its bytes when somebody sends each byte as a chunk of its own.
 */
class GrowingBytes {
  readonly #most: number;
  readonly #held: HeldBody;
  #buffer: Buffer = EMPTY;
  #length = 0;

  /** @param most the longest that it can become */
  constructor(most: number, held: HeldBody) {
    this.#most = most;
    this.#held = held;
  }

  get length(): number {
    return this.#length;
  }

  /** False when there is no room for it. */
  add(piece: Buffer): boolean {
    const length = this.#length + piece.length;
    if (this.#length === 0) {
      if (!this.#held.hold(piece.length)) {
        return false;
      }
      this.#buffer = piece;
    } else {
      if (length > this.#buffer.length && !this.#grow(length)) {
        return false;
      }
      piece.copy(this.#buffer, this.#length);
    }
    this.#length = length;
    return true;
  }

  all(): Buffer {
    return this.#buffer.length === this.#length ? this.#buffer : this.#buffer.subarray(0, this.#length);
  }

  #grow(length: number): boolean {
    const capacity = Math.max(length, Math.min(this.#most, Math.max(2 * this.#buffer.length, LEAST_CAPACITY)));
    if (!this.#held.hold(capacity - this.#buffer.length)) {
      return false;
    }
    const grown = Buffer.allocUnsafeSlow(capacity);
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
    return true;
  }
}
