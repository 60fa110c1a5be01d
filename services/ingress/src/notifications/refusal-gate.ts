/**
 * Lets refusals out at the strokes of a clock that runs on its own. The ways to a refusal differ by fractions of a
 * millisecond (reading an account that exists opens its credentials, one that does not has none), which enough samples
 * would tell apart. A delay that begins when the work ends would still show them; these strokes do not (000.24).
 */
export interface RefusalGate {
  /** The stroke that is now; to be noted when the last byte of a request has arrived. */
  readonly stroke: number;
  /** Resolves at the second stroke after the noted one and so much later, or at once when that is past. */
  open(noted: number, laterMs?: number): Promise<void>;
  close(): void;
}

/** A refusal takes one to two of these, in milliseconds; what leads to it takes less unless the store is slow. */
const STROKE_MS = 10;

export function createRefusalGate(): RefusalGate {
  let stroke = 0;
  let waiting: { until: number; go: () => void }[] = [];
  const strike = () => {
    stroke += 1;
    if (waiting.length > 0) {
      const due = waiting.filter(({ until }) => until <= stroke);
      waiting = waiting.filter(({ until }) => until > stroke);
      for (const { go } of due) {
        go();
      }
    }
  };
  const timer = setInterval(strike, STROKE_MS).unref();
  return {
    get stroke() {
      return stroke;
    },
    open(noted, laterMs = 0) {
      const until = noted + 2 + Math.ceil(laterMs / STROKE_MS);
      return until <= stroke ? Promise.resolve() : new Promise((go) => void waiting.push({ until, go }));
    },
    close() {
      clearInterval(timer);
      for (const { go } of waiting) {
        go();
      }
      waiting = [];
    },
  };
}
