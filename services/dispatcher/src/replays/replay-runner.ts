import type { ReplayRecord, ReplayRepository } from '@owngateway/store';
import type { StepReport } from './replay-step.ts';

/** How often a process looks whether there is anything to do. */
const LOOK_MS = 1_000;

/** How long a step may take before somebody else does it again. */
const LEASE_MS = 20_000;

export interface ReplayRunnerTools {
  replays: Pick<ReplayRepository, 'takeStep'>;
  step: (replay: ReplayRecord, token: string) => Promise<StepReport>;
  newToken: () => string;
  now: () => Date;
  onStep: (replay: ReplayRecord, report: StepReport) => void;
  onFault: (error: unknown) => void;
}

/**
 * Moves bulk replays on: a timer of the process, since a wiped Redis would forget anything else (rule 5). Steps of one replay
 * are taken by one process at a time, those of others meanwhile by others; within a process one after the other, so that
 * they never ask more of the database than one of them does.
 */
export interface ReplayRunner {
  start(): void;
  /** Ends after the step at hand. */
  stop(): Promise<void>;
}

export function createReplayRunner(tools: ReplayRunnerTools): ReplayRunner {
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;

  /** Every step that is due; returns how long to wait for the next. A step that fails is due again when its lease runs out. */
  async function runDue(): Promise<number> {
    let soonestMs = Number.POSITIVE_INFINITY;
    try {
      while (!stopped) {
        const token = tools.newToken();
        const replay = await tools.replays.takeStep({ token, now: tools.now(), leaseMs: LEASE_MS });
        if (replay === null) break;
        const report = await tools.step(replay, token);
        tools.onStep(replay, report);
        if (report.nextStepAt !== null) soonestMs = Math.min(soonestMs, report.nextStepAt.getTime());
      }
    } catch (error) {
      tools.onFault(error);
      return LOOK_MS;
    }
    return Math.min(LOOK_MS, Math.max(0, soonestMs - tools.now().getTime()));
  }

  function schedule(delayMs: number): void {
    if (stopped) return;
    timer = setTimeout(() => {
      running = runDue().then(schedule);
    }, delayMs);
  }

  return {
    start: () => schedule(LOOK_MS),
    async stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      await running;
    },
  };
}
