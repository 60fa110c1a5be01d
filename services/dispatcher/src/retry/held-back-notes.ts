import type { DeliveryRepository } from '@owngateway/store';

/** A delivery is noted at most once in this time, however often it is put off. */
const QUIET_MS = 60_000;

const FLUSH_MS = 1_000;

/** In one flush: a backlog of a hundred thousand must not write as much as everybody else together (P5). */
const MOST_PER_FLUSH = 200;

/** What waits to be noted in this process; more of them say nothing new until their next turn. */
const MOST_WAITING = 20_000;

type Note = Parameters<DeliveryRepository['noteHeldBack']>[0][number];

export interface HeldBackNotesTools {
  deliveries: Pick<DeliveryRepository, 'noteHeldBack'>;
  nowMs: () => number;
  /** A note that is lost only makes a delivery say less. */
  onTrouble: (error: unknown) => void;
}

/**
 * Tells the deliveries that are held back so, and until about when, without a write per deferral: the job waits in Redis, and
 * what its document says follows in groups, within a second where there are few. What is over by then is never written.
 */
export interface HeldBackNotes {
  note(note: Note): void;
  stop(): Promise<void>;
}

/**
 * A breaker's window is long, and its end true: it is noted again once it is over, so that the sweeper does not take what waits for
 * late. Turns of a rate limit are given up with the queue that they wait in: were the last of them written, a queue that was
 * lost would be mended that much later.
 */
function quietAfter({ reason, until }: Note, now: number): number {
  return reason === 'breaker' ? Math.min(until.getTime(), now + QUIET_MS) : now + QUIET_MS;
}

export function createHeldBackNotes({ deliveries, nowMs, onTrouble }: HeldBackNotesTools): HeldBackNotes {
  const waiting = new Map<string, Note>();
  const quietUntilMs = new Map<string, number>();
  let timer: NodeJS.Timeout | null = null;
  let flushing: Promise<void> = Promise.resolve();
  let stopped = false;

  function endQuietTimes(now: number): void {
    for (const [id, untilMs] of quietUntilMs) if (untilMs <= now) quietUntilMs.delete(id);
  }

  /** The oldest that may be noted now; takes them out, and with them what is over. */
  function takeDue(): Note[] {
    const now = nowMs();
    endQuietTimes(now);
    const due: Note[] = [];
    for (const [id, note] of waiting) {
      if (due.length >= MOST_PER_FLUSH) break;
      if (note.until.getTime() <= now) waiting.delete(id);
      else if (!quietUntilMs.has(id)) {
        waiting.delete(id);
        quietUntilMs.set(id, quietAfter(note, now));
        due.push(note);
      }
    }
    return due;
  }

  async function flush(): Promise<void> {
    const due = takeDue();
    if (due.length > 0) await deliveries.noteHeldBack(due).catch(onTrouble);
  }

  function schedule(): void {
    if (timer !== null || stopped || waiting.size === 0) return;
    timer = setTimeout(() => {
      flushing = flush().finally(() => {
        timer = null;
        schedule();
      });
    }, FLUSH_MS);
  }

  return {
    note(note) {
      if (waiting.size >= MOST_WAITING && !waiting.has(note.deliveryId)) return;
      waiting.set(note.deliveryId, note);
      schedule();
    },
    async stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      await flushing;
    },
  };
}
