import type { FigureName } from '../options.ts';
import type { Judged } from './judged.ts';
import type { Figures } from './results.ts';

interface Bar {
  readonly of: FigureName;
  readonly figure: string;
  readonly bar: string;
  readonly value: (figures: Figures) => number | null | undefined;
  readonly others: (figures: Figures) => number | undefined;
  readonly holds: (value: number) => boolean;
}

const at200 = (figures: Figures) => figures.latency?.find((it) => it.per_s === 200);

/** What the product promises of itself, on 2 quiet cores that also run the stores, the generator and the receiver. */
const BARS: readonly Bar[] = [
  {
    of: 'deliver',
    figure: 'CPU seconds per 10,000 events, saturated, services and stores',
    bar: '<= 6.5',
    value: ({ deliver }) => deliver?.cpu_per_10k_s.total,
    others: ({ deliver }) => deliver?.cost.others_share,
    holds: (seconds) => seconds <= 6.5,
  },
  {
    of: 'deliver',
    figure: 'events delivered per second, end to end',
    bar: '>= 2500',
    value: ({ deliver }) => deliver?.delivered_per_s,
    others: ({ deliver }) => deliver?.cost.others_share,
    holds: (perSecond) => perSecond >= 2_500,
  },
  {
    of: 'latency',
    figure: 'end-to-end p99 at 200 events/s, ms',
    bar: '< 15',
    value: (figures) => at200(figures)?.end_to_end.p99_ms,
    others: (figures) => at200(figures)?.others_share,
    holds: (ms) => ms < 15,
  },
  {
    of: 'latency',
    // A twentieth of what the most impatient connector grants: Razorpay waits 5 s.
    figure: 'acknowledgement p99 at 200/s, signed bodies of 1 KB, ms',
    bar: '< 250',
    value: (figures) => at200(figures)?.accept.p99_ms,
    others: (figures) => at200(figures)?.others_share,
    holds: (ms) => ms < 250,
  },
  {
    of: 'hang',
    figure: "nine healthy endpoints' p99 while the tenth hangs, to before",
    bar: '<= 1.2',
    value: ({ hang }) => hang?.p99_ratio,
    others: ({ hang }) => hang && Math.max(hang.hanging.others_share, hang.baseline.others_share),
    holds: (ratio) => ratio <= 1.2,
  },
];

/** Each bar with the figure that was taken for it. */
export function judge(figures: Figures): Judged[] {
  return BARS.map(({ of, figure, bar, value, others, holds }) => {
    const taken = value(figures) ?? null;
    const absent = of in figures.failed ? 'missed' : 'not taken';
    const verdict = taken === null ? absent : holds(taken) ? 'met' : 'missed';
    return { figure, bar, value: taken, verdict, others_share: others(figures) ?? null };
  });
}
