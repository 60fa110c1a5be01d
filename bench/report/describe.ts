import type { Latencies } from '../measure/percentiles.ts';
import { columns } from './columns.ts';
import type { Figures, Results } from './results.ts';

const PROCESSES = ['ingress', 'subscriptions', 'dispatcher', 'redis', 'mongo'];
const INSTRUMENTS = ['generator', 'receiver'];

/** From their own benchmarks on a machine of this kind (2 cores shared with stores, generator and receiver). */
const PEERS = [
  'Outpost 1,350 events/s, 13.1 CPU s per 10,000',
  'Svix 850 events/s, 21.3 CPU s per 10,000, p50/p99 2.5/7.7 ms at 200/s',
  'Convoy 236 events/s',
];

/** Above this, other programs had so much of the machine that rates and latencies say little. */
const QUIET = 0.05;

/** The results as a table for the terminal. */
export function describeResults(results: Results): string[] {
  const { machine, figures } = results;
  const packages = Object.entries(machine.packages).map(([name, version]) => `${name} ${version}`);
  return [
    '',
    `Benchmark of ${results.taken_at}, commit ${machine.commit ?? 'unknown'}`,
    `${machine.cpus} CPUs (${machine.cpu}), ${machine.memory_gib} GiB, ${machine.system}, load before ${machine.load_before}`,
    `MongoDB: ${programOf(results.mongo)}; Redis: ${programOf(results.redis)}; Node ${machine.node}; log level ${results.log_level}`,
    packages.join(', '),
    ...(results.profiled === null
      ? []
      : [`${results.profiled} ran under the profiler: figures are not to be published`]),
    '',
    ...columns([['', 'per s', 'p50 ms', 'p90 ms', 'p99 ms', 'max ms', 'others'], ...figureRows(figures)]),
    ...Object.entries(figures.failed).map(([name, why]) => `${name} FAILED: ${why}`),
    '',
    'CPU seconds per 10,000 events; all = services and stores',
    ...columns([['', ...PROCESSES, 'all', ...INSTRUMENTS], ...costRows(figures)]),
    ...memoryLines(figures),
    '',
    `Yardsticks of the same run`,
    ...columns([['', 'per s', 'p50 ms', 'p99 ms', ...INSTRUMENTS], ...yardstickRows(figures)]),
    '',
    ...columns([['Bar', '', 'figure', 'verdict'], ...results.verdicts.map(verdictRow)]),
    '',
    `Events received twice: ${results.repeated}. Peers on such a machine: ${PEERS.join('; ')}.`,
  ];
}

function programOf({ kind, version }: Results['mongo']): string {
  return version === null ? kind : `${kind} ${version}`;
}

function figureRows({ accept, deliver, backlog, latency, hang }: Figures): string[][] {
  const rows: string[][] = [];
  const add = (title: string, perSecond: number | null, times: Latencies | null, others: number | null): void => {
    const row = [title, show(perSecond), ...(times === null ? ['', '', '', ''] : timesOf(times)), percent(others)];
    rows.push(row);
  };
  if (accept) add('accepted, concurrency 50', accept.accepted_per_s, accept.accept, accept.cost.others_share);
  if (deliver) {
    const title = `delivered end to end, ${deliver.events} events, saturated`;
    add(title, deliver.delivered_per_s, deliver.end_to_end, deliver.cost.others_share);
    add('  accepted meanwhile', deliver.accepted_per_s, deliver.accept, null);
  }
  if (backlog) {
    add(`backlog of ${backlog.events} accepted, dispatcher down`, backlog.accepted_per_s, backlog.accept, null);
    add('  drained', backlog.drained_per_s, null, backlog.cost.others_share);
  }
  for (const it of latency ?? []) {
    add(`end to end at ${it.per_s}/s`, null, it.end_to_end, it.others_share);
    add('  acknowledged', null, it.accept, null);
  }
  if (hang) {
    const { baseline, hanging } = hang;
    add('nine endpoints at 200/s, all well', null, baseline.end_to_end, baseline.others_share);
    add('  the tenth hanging', null, hanging.end_to_end, hanging.others_share);
    rows.push(['  ratio', '', show(hang.p50_ratio), '', show(hang.p99_ratio), '', '']);
  }
  return rows;
}

function costRows({ deliver, backlog, latency, hang }: Figures): string[][] {
  const costs = [
    ['saturated', deliver],
    ['backlog drained, with start', backlog],
    ...(latency ?? []).map((it) => [`at ${it.per_s}/s`, it] as const),
    ['at 200/s, one of ten hanging', hang?.hanging],
  ] as const;
  return costs.flatMap(([title, figure]) => {
    if (figure === undefined) return [];
    const { by_process, total } = figure.cpu_per_10k_s;
    const cells = (names: readonly string[]): string[] => names.map((name) => show(by_process[name] ?? null, 2));
    return [[title, ...cells(PROCESSES), total.toFixed(2), ...cells(INSTRUMENTS)]];
  });
}

function memoryLines({ deliver, accept }: Figures): string[] {
  const memory = (deliver ?? accept)?.memory_mib;
  if (memory === undefined) return [];
  return ['', `Resident MiB when saturated: ${PROCESSES.map((name) => `${name} ${memory[name] ?? '-'}`).join(', ')}`];
}

function yardstickRows({ yardsticks }: Figures): string[][] {
  const rows = [
    ['generator straight at the receiver, 50 at a time', yardsticks?.straight],
    ['generator straight at the receiver, 200/s', yardsticks?.straight_200],
    ['same bodies signed and posted by bare undici', yardsticks?.bare_undici],
  ] as const;
  return rows.flatMap(([title, it]) => {
    if (it === undefined) return [];
    const { p50_ms, p99_ms } = it.arrived;
    const costs = INSTRUMENTS.map((name) => show(it.cpu_per_10k_s[name] ?? null, 2));
    return [[title, show(it.per_s), show(p50_ms), show(p99_ms), ...costs]];
  });
}

function verdictRow({ figure, bar, value, verdict, others_share }: Results['verdicts'][number]): string[] {
  const noisy =
    value !== null && (others_share ?? 0) > QUIET ? ` (not quiet: others had ${percent(others_share)})` : '';
  return [figure, bar, show(value), `${verdict}${noisy}`];
}

function timesOf({ p50_ms, p90_ms, p99_ms, max_ms }: Latencies): string[] {
  return [p50_ms, p90_ms, p99_ms, max_ms].map((it) => show(it, 1));
}

function show(value: number | null, decimals?: number): string {
  if (value === null) return '';
  return decimals === undefined ? String(value) : value.toFixed(decimals);
}

function percent(share: number | null): string {
  return share === null ? '' : `${Math.round(share * 100)} %`;
}
