import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { exchangeFailure, FAILURE_TEXT, OutboundFailure } from './failure.ts';
import type { OutboundRequest, OutboundResult, PartialAnswer } from './outbound-client.ts';

const DEFAULT_MAX_RESPONSE_BYTES = 65_536;
const DEFAULT_KEEP_RESPONSE_BYTES = 4_096;

/** Interim answers (1xx) mean nothing to a delivery; a receiver that sends more than this plays for time. */
const MAX_INTERIM_ANSWERS = 16;

/** Thrown at undici when it comes to a request that is already over: it drops the request and keeps the socket. */
const ALREADY_OVER = new OutboundFailure('timeout', FAILURE_TEXT.deadline);

/**
 * One request and the first end it comes to: a complete answer, a failure, or its deadline. undici's lowest interface
 * is used because it costs a fifth to a third less than `undici.request` (no stream per answer); the handler's methods are called
 * by undici and never throw, except `onRequestStart` on purpose.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly result: Promise<OutboundResult>;

  readonly #resolve: (result: OutboundResult) => void;
  readonly #nowMs: () => number;
  readonly #startedAtMs: number;
  readonly #deadline: NodeJS.Timeout;
  readonly #maxBytes: number;
  readonly #keepBytes: number;
  readonly #signal: AbortSignal | undefined;
  readonly #onOver: () => void;
  #controller: Dispatcher.DispatchController | null = null;
  #over = false;
  #status = 0;
  #interimAnswers = 0;
  #headers: IncomingHttpHeaders = {};
  #bytes = 0;
  #kept: Buffer[] = [];
  #keptBytes = 0;

  constructor(request: OutboundRequest, nowMs: () => number, onOver: () => void) {
    const { promise, resolve } = Promise.withResolvers<OutboundResult>();
    this.result = promise;
    this.#resolve = resolve;
    this.#nowMs = nowMs;
    this.#startedAtMs = nowMs();
    this.#onOver = onOver;
    this.#maxBytes = request.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES;
    this.#keepBytes = request.keepResponseBytes ?? DEFAULT_KEEP_RESPONSE_BYTES;
    // A plain timer covers everything and costs a tenth of an AbortSignal.timeout.
    this.#deadline = setTimeout(passDeadline, request.deadlineMs, this);
    this.#signal = request.signal;
    this.#signal?.addEventListener('abort', this.#cancel, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#over) throw ALREADY_OVER;
    this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) {
      this.#interimAnswers += 1;
      if (this.#interimAnswers > MAX_INTERIM_ANSWERS) {
        this.end(new OutboundFailure('connection_error', FAILURE_TEXT.invalidAnswer));
      }
      return;
    }
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) {
      this.end(new OutboundFailure('response_too_large', FAILURE_TEXT.bodyTooLarge));
      return;
    }
    const room = this.#keepBytes - this.#keptBytes;
    if (room <= 0) return;
    const kept = chunk.length > room ? chunk.subarray(0, room) : chunk;
    this.#kept.push(kept);
    this.#keptBytes += kept.length;
  }

  onResponseEnd(): void {
    this.#settle({
      kind: 'response',
      status: this.#status,
      headers: flatHeaders(this.#headers),
      body: textOf(this.#kept, this.#keepBytes),
      bodyTruncated: this.#bytes > this.#keptBytes,
      durationMs: this.#durationMs(),
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: unknown): void {
    this.end(exchangeFailure(error));
  }

  /** Ends the request with a failure, unless it is over; its connection, if it has one, is closed. */
  end(failure: OutboundFailure): void {
    if (this.#over) return;
    this.#settle({
      kind: 'failure',
      outcome: failure.outcome,
      message: failure.message,
      answer: this.#partialAnswer(failure),
      requestSent: this.#controller !== null,
      durationMs: this.#durationMs(),
    });
    this.#controller?.abort(failure);
  }

  readonly #cancel = (): void => {
    this.end(new OutboundFailure('connection_error', FAILURE_TEXT.cancelled));
  };

  #settle(result: OutboundResult): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#deadline);
    this.#signal?.removeEventListener('abort', this.#cancel);
    this.#resolve(result);
    this.#onOver();
  }

  /** Null before the head is whole, and when what followed was no HTTP: such a receiver's word is not taken for anything. */
  #partialAnswer(failure: OutboundFailure): PartialAnswer | null {
    if (this.#status === 0 || failure.message === FAILURE_TEXT.invalidAnswer) return null;
    return {
      status: this.#status,
      headers: flatHeaders(this.#headers),
      body: textOf(this.#kept, this.#keepBytes),
    };
  }

  #durationMs(): number {
    return Math.round(this.#nowMs() - this.#startedAtMs);
  }
}

function passDeadline(exchange: Exchange): void {
  exchange.end(new OutboundFailure('timeout', FAILURE_TEXT.deadline));
}

/** At most `maxBytes` in UTF-8 again: a byte that is none becomes U+FFFD, which takes three. */
function textOf(chunks: readonly Buffer[], maxBytes: number): string {
  const [only] = chunks;
  if (only === undefined) return '';
  const bytes = chunks.length === 1 ? only : Buffer.concat(chunks);
  if (bytes.length * 3 <= maxBytes) return bytes.toString('utf8');
  // A character that the cap cuts in two is left out, not turned into U+FFFD.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: bytes.length >= maxBytes });
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(maxBytes));
  return text.slice(0, read);
}

function flatHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    // `__proto__` would set the prototype and be lost; no receiver needs it.
    if (value !== undefined && name !== '__proto__') flat[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return flat;
}
