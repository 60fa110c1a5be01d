import type { WorkerState } from './open-worker.ts';

const LOOK_EVERY_MS = 5_000;

/** So many looks in a row, 30 s in all: BullMQ itself lets 15 s pass after some faults of its connection. */
const LOOKS = 6;

export interface StandstillTools {
  workers: () => readonly WorkerState[];
  /** Waiting jobs by the name of their queue; rejects when Redis is away. */
  waiting: () => Promise<ReadonlyMap<string, number>>;
  /** Told once when a worker is found to stand still. */
  onStandstill: (queue: string) => void;
  everyMs?: number;
}

/**
 * Finds workers that have stopped taking jobs without dying (BullMQ has had several such faults, and a half-open
 * connection does it too): jobs wait, this process has room, Redis answers, and yet look after look none was taken. Only a
 * restart helps then. A Redis that is away, and workers that are paused because MongoDB is, are no reason (that is readiness).
 */
export interface Standstill {
  start(): void;
  /** True while a worker stands still. */
  found(): boolean;
  stop(): void;
}

export function watchForStandstill(tools: StandstillTools): Standstill {
  const { everyMs = LOOK_EVERY_MS } = tools;
  const begunAtLastLook = new Map<string, number>();
  const idleLooks = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function look(): Promise<void> {
    const waiting = await tools.waiting().catch(() => new Map<string, number>());
    for (const { queue, begun, hasRoom, isPaused } of tools.workers()) {
      const tookNone = begunAtLastLook.get(queue) === begun;
      const isIdle = tookNone && hasRoom && !isPaused && (waiting.get(queue) ?? 0) > 0;
      const looks = isIdle ? (idleLooks.get(queue) ?? 0) + 1 : 0;
      begunAtLastLook.set(queue, begun);
      idleLooks.set(queue, looks);
      if (looks === LOOKS) tools.onStandstill(queue);
    }
  }

  function schedule(): void {
    if (stopped) return;
    timer = setTimeout(() => void look().finally(schedule), everyMs);
  }

  return {
    start: schedule,
    found: () => [...idleLooks.values()].some((looks) => looks >= LOOKS),
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
