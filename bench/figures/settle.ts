import { setTimeout as delay } from 'node:timers/promises';
import { COUNTED } from '../gateway/gateway.ts';
import { readCpu } from '../measure/process-cpu.ts';
import type { BenchRun } from './bench-run.ts';

const LOOK_EVERY_MS = 250;
/** Health checks, sweeper and the stores' own timers take a few percent of a CPU when nothing is to do. */
const IDLE_SHARE = 0.08;
const PATIENCE_MS = 5_000;

/**
 * Waits until the gateway has come to rest: what follows an arrival (results, marks, acknowledged jobs) belongs to the cost
 * of the event, and must not burden the next figure.
 */
export async function settle(run: BenchRun): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  const used = (): number => {
    const reading = readCpu(run.gateway.pids());
    return COUNTED.reduce((sum, name) => sum + (reading[name] ?? 0), 0);
  };
  for (let before = used(); Date.now() < deadline; ) {
    await delay(LOOK_EVERY_MS);
    const now = used();
    if (now - before <= (IDLE_SHARE * LOOK_EVERY_MS) / 1_000) return;
    before = now;
  }
}
