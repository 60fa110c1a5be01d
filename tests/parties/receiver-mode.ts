/** How a receiver behaves. */
export type ReceiverMode =
  | { kind: 'ok' }
  | { kind: 'status'; status: number; headers?: Readonly<Record<string, string>>; body?: string }
  /** Takes the request and never answers. */
  | { kind: 'hang' }
  /** Fails the first `times` requests of every event, each after `afterMs`, then answers 200. */
  | { kind: 'fail_then_ok'; times: number; status?: number; afterMs?: number }
  /** Of every `of` requests the first `failing` get a 500. */
  | { kind: 'flapping'; failing: number; of: number }
  /** In turns: gives this many a 500, then leaves this many without any answer. */
  | { kind: 'in_turns'; failing: number; silent: number }
  /** Answers 200 after `ms`. */
  | { kind: 'slow'; ms: number };

export type ReceiverAnswer =
  | { kind: 'answer'; status: number; headers: Readonly<Record<string, string>>; body?: string; afterMs: number }
  | { kind: 'silence' };

/**
 * What a receiver in this mode does next.
 *
 * @param seen how many requests this receiver had before, in all
 * @param seenOfEvent how many of them were of the same event
 */
export function answerOf(mode: ReceiverMode, seen: number, seenOfEvent: number): ReceiverAnswer {
  switch (mode.kind) {
    case 'ok':
      return status(200);
    case 'status':
      return {
        ...status(mode.status),
        headers: mode.headers ?? {},
        ...(mode.body !== undefined && { body: mode.body }),
      };
    case 'hang':
      return { kind: 'silence' };
    case 'fail_then_ok':
      return seenOfEvent < mode.times ? { ...status(mode.status ?? 500), afterMs: mode.afterMs ?? 0 } : status(200);
    case 'flapping':
      return status(seen % mode.of < mode.failing ? 500 : 200);
    case 'in_turns':
      return seen % (mode.failing + mode.silent) < mode.failing ? status(500) : { kind: 'silence' };
    case 'slow':
      return { ...status(200), afterMs: mode.ms };
  }
}

function status(code: number): Extract<ReceiverAnswer, { kind: 'answer' }> {
  return { kind: 'answer', status: code, headers: {}, afterMs: 0 };
}
