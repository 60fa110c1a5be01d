import type { BacklogFigure } from '../figures/backlog.ts';
import type { HangFigure } from '../figures/hang.ts';
import type { LatencyFigure } from '../figures/latency.ts';
import type { SaturatedFigure } from '../figures/saturated.ts';
import type { Yardsticks } from '../figures/yardsticks.ts';
import type { StoreProgram } from '../gateway/gateway.ts';
import type { Machine } from '../measure/machine.ts';
import type { FigureName, ServiceName } from '../options.ts';
import type { Judged } from './judged.ts';

/** Everything that a run of the bench found out; what was not asked for is missing. */
export interface Figures {
  yardsticks?: Yardsticks;
  accept?: SaturatedFigure;
  deliver?: SaturatedFigure;
  backlog?: BacklogFigure;
  latency?: LatencyFigure[];
  hang?: HangFigure;
  /** Why a figure could not be taken, such as events that never arrived. */
  failed: Partial<Record<FigureName, string>>;
}

/** What is written to `bench/results/`. */
export interface Results {
  readonly taken_at: string;
  readonly machine: Machine;
  readonly mongo: StoreProgram;
  readonly redis: StoreProgram;
  readonly log_level: 'info' | 'warn';
  readonly profiled: ServiceName | null;
  readonly figures: Figures;
  readonly verdicts: readonly Judged[];
  /** Events that arrived more than once; 0 unless something was killed. */
  readonly repeated: number;
}
