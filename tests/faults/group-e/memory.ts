import type { World } from '../../e2e/open-world.ts';
import { forgetPeak, peakBytes, residentBytes } from '../process-figures.ts';

const MIB = 1_048_576;

/** How much memory a process of ingress took at the most beyond what it had before. */
export interface MemoryWatch {
  readonly pid: number;
  /** MiB */
  grownBy(): Promise<number>;
  /** Whether the process is still the one that it was. */
  isSame(): boolean;
}

export async function watchMemory({ stack }: World): Promise<MemoryWatch> {
  const pid = stack.pids().ingress;
  if (pid === null) throw new Error('ingress is not ours to look into');
  await forgetPeak(pid);
  const before = await residentBytes(pid);
  return {
    pid,
    isSame: () => stack.pids().ingress === pid,
    // One that died took more than there was.
    async grownBy() {
      return await peakBytes(pid).then(
        (peak) => Math.round((peak - before) / MIB),
        () => Number.POSITIVE_INFINITY,
      );
    },
  };
}
