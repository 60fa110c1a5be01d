import type { LeaseRepository } from '@owngateway/store';

const LEASE = 'sweeper';
const INTERVAL_MS = 5_000;

/** Long enough for a slow sweep, short enough that another replica takes over soon. */
const LEASE_MS = 20_000;

/** One kind of repair; returns how much it found. */
export interface Sweep {
  name: string;
  run: () => Promise<number>;
}

export interface SweeperTools {
  leases: LeaseRepository;
  /** Names this process. */
  holder: string;
  sweeps: readonly Sweep[];
  onRepaired: (sweep: string, count: number) => void;
  onFault: (sweep: string, error: unknown) => void;
}

/**
 * Repairs what was lost between MongoDB and the queues. A timer of the process with a lease in MongoDB, so that a wiped
 * Redis cannot forget it and one replica does it at a time (rule 5).
 */
export interface Sweeper {
  start(): void;
  stop(): Promise<void>;
}

export function createSweeper(tools: SweeperTools): Sweeper {
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;

  async function sweepOnce(): Promise<void> {
    try {
      if (!(await tools.leases.acquire(LEASE, tools.holder, LEASE_MS))) return;
    } catch (error) {
      tools.onFault('lease', error);
      return;
    }
    for (const sweep of tools.sweeps) {
      if (stopped) return;
      // One kind of repair that fails (Redis away) must not keep the others from theirs.
      await sweep.run().then(
        (count) => {
          if (count > 0) tools.onRepaired(sweep.name, count);
        },
        (error: unknown) => tools.onFault(sweep.name, error),
      );
    }
  }

  function schedule(): void {
    if (stopped) return;
    timer = setTimeout(() => {
      running = sweepOnce().finally(schedule);
    }, INTERVAL_MS);
  }

  return {
    start: schedule,
    async stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      await running;
      await tools.leases.release(LEASE, tools.holder).catch((error: unknown) => tools.onFault('lease', error));
    },
  };
}
