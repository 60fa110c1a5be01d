import { monotonicMs } from './clock.ts';
import { rounded } from './percentiles.ts';
import { type Pids, readCpu, readMachineCpu } from './process-cpu.ts';

/** What a stretch of time cost. */
export interface Cost {
  readonly seconds: number;
  /** CPU seconds by process, over the stretch. */
  readonly cpu_s: Readonly<Record<string, number>>;
  /**
   * Which share of the machine's CPUs went to processes that are no part of the benchmark (0-1). Rates and latencies mean
   * little when it is high; CPU seconds suffer least.
   */
  readonly others_share: number;
}

/** Begins a stretch; the function that it answers with ends it. */
export function startMeter(counted: () => Pids, cpus: number): () => Cost {
  const startedAt = monotonicMs();
  const allBefore = readMachineCpu();
  const before = readCpu({ ...counted(), bench: process.pid });
  return () => {
    const seconds = (monotonicMs() - startedAt) / 1_000;
    const after = readCpu({ ...counted(), bench: process.pid });
    const used = Object.entries(after).map(([name, total]) => {
      // A process that was restarted begins again at nought.
      const earlier = before[name] ?? 0;
      return [name, rounded(total >= earlier ? total - earlier : total, 3)] as const;
    });
    const { bench: own = 0, ...cpu_s } = Object.fromEntries(used);
    const ours = Object.values(cpu_s).reduce((sum, it) => sum + it, 0) + own;
    const others = Math.max(0, readMachineCpu() - allBefore - ours);
    return { seconds: rounded(seconds, 3), cpu_s, others_share: rounded(others / (seconds * cpus), 3) };
  };
}

/** CPU seconds per 10,000 events, by process, and their sum over `processes`. */
export function perTenThousand(
  cost: Cost,
  events: number,
  processes: readonly string[],
): { by_process: Record<string, number>; total: number } {
  const by_process: Record<string, number> = {};
  let total = 0;
  for (const [name, seconds] of Object.entries(cost.cpu_s)) {
    const share = (seconds / events) * 10_000;
    by_process[name] = rounded(share, 3);
    if (processes.includes(name)) total += share;
  }
  return { by_process, total: rounded(total, 3) };
}
