import type { FaultRow } from '../fault-row.ts';
import type { OracleFound } from './58-oracle-process.ts';
import { fetchStorePrograms } from './namespace/fetch-programs.ts';
import { namespaceObstacle, runInNamespace } from './namespace/run-in-namespace.ts';

/**
 * The medians of the forbidden kinds may differ by this much, which a busy machine does by itself. A silent host that was dialled
 * would take the whole time limit of 2 s.
 */
const TIMING_BAR_MS = 500;

export const oracle: FaultRow = {
  number: 58,
  group: 'D',
  fault: 'A merchant whose endpoints are open, closed, filtered, unknown and forbidden compares what it is told',
  bar: 'only documented words, all forbidden ones alike in text and time, no internal address',
  short: true,
  obstacle: namespaceObstacle,
  async run({ short, onEnd }) {
    await fetchStorePrograms();
    const script = new URL('./58-oracle-process.ts', import.meta.url);
    const found = await runInNamespace<OracleFound>(script, { onEnd, input: { each: short ? 2 : 8 } });
    const surprises = surprisesIn(found);
    const forbidden = Object.keys(found.expected).filter((kind) => kind.startsWith('forbidden-'));
    const mediansMs = forbidden.map((kind) => median(found.durationsMs[kind] ?? []));
    const spreadMs = Math.max(...mediansMs) - Math.min(...mediansMs);
    const words = new Set(Object.values(found.expected)).size;
    return {
      met: surprises.length === 0 && found.connectionsInside === 0 && (short || spreadMs <= TIMING_BAR_MS),
      figure: [
        `${Object.keys(found.expected).length} kinds of endpoint, ${words} words, undocumented ${found.undocumented.length}`,
        `${forbidden.length} forbidden kinds, told in ${ofForbidden(found.seen).size} way and refused in ${ofForbidden(found.registrations).size}`,
        `addresses in the API's answers ${found.leaks.length}, connections inside ${found.connectionsInside}`,
        ...(short ? [] : [`medians of the forbidden kinds differ by ${spreadMs} ms (bar ${TIMING_BAR_MS})`]),
        ...surprises.slice(0, 1),
      ].join(', '),
      figures: {
        kinds: Object.keys(found.expected).length,
        words,
        surprises: surprises.length,
        addresses_told: found.leaks.length,
        connections_inside: found.connectionsInside,
        ...(!short && { spread_of_forbidden_medians_ms: spreadMs }),
      },
    };
  },
};

/** Everything that was told otherwise than it should, in words. */
function surprisesIn({ seen, expected, registrations, undocumented, leaks }: OracleFound): string[] {
  const surprises: string[] = [];
  for (const [kind, outcome] of Object.entries(expected)) {
    const attempts = seen[kind] ?? [];
    // One text per kind, whatever its name and moment were.
    if (attempts.length !== 1 || !attempts[0]?.includes(`"outcome":"${outcome}"`)) {
      surprises.push(`${kind} was told as ${attempts.join(' and ')}`);
    }
  }
  for (const texts of [seen, registrations]) {
    const different = ofForbidden(texts);
    if (different.size !== 1) surprises.push(`forbidden ones are told apart: ${[...different].join(' and ')}`);
  }
  for (const kind of ['open', 'closed', 'filtered']) {
    const texts = registrations[kind] ?? [];
    if (texts.join() !== 'accepted') surprises.push(`${kind} could not be registered: ${texts.join()}`);
  }
  return [
    ...surprises,
    ...undocumented.map((word) => `${word} is not documented`),
    ...leaks.map((address) => `${address} was told`),
  ];
}

function ofForbidden(texts: Record<string, string[]>): Set<string> {
  return new Set(Object.entries(texts).flatMap(([kind, list]) => (kind.startsWith('forbidden-') ? list : [])));
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}
