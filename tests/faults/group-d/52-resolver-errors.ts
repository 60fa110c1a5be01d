import type { FaultRow } from '../fault-row.ts';
import type { ResolverErrorsFound } from './52-resolver-errors-process.ts';
import { namespaceObstacle, runInNamespace } from './namespace/run-in-namespace.ts';

export const resolverErrors: FaultRow = {
  number: 52,
  group: 'D',
  fault: 'SERVFAIL, NXDOMAIN, silence, truncation, aliases, one family failing; then a forbidden address',
  bar: 'fails closed every time',
  short: true,
  obstacle: namespaceObstacle,
  async run({ onEnd }) {
    const script = new URL('./52-resolver-errors-process.ts', import.meta.url);
    const { failures, surprises, connections, reachedWhenWell } = await runInNamespace<ResolverErrorsFound>(script, {
      onEnd,
    });
    return {
      met: surprises.length === 0 && connections === 0 && reachedWhenWell === failures,
      figure: [
        `${failures} kinds of failure, connections ${connections}, reached once the name was well ${reachedWhenWell}`,
        ...surprises.slice(0, 1),
      ].join(', '),
      figures: { failures, surprises: surprises.length, connections, reached_when_well: reachedWhenWell },
    };
  },
};
