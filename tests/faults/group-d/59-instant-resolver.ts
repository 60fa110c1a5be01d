import type { FaultRow } from '../fault-row.ts';
import type { InstantFound } from './59-instant-resolver-process.ts';
import { namespaceObstacle, runInNamespace } from './namespace/run-in-namespace.ts';

const KINDS = 3;

export const instantResolver: FaultRow = {
  number: 59,
  group: 'D',
  fault: 'Resolvers that answer in the same tick, from a cache, or with what changes after the check',
  bar: 'refused, only the checked address is dialled',
  short: true,
  obstacle: namespaceObstacle,
  async run({ onEnd }) {
    const script = new URL('./59-instant-resolver-process.ts', import.meta.url);
    const { notRefused, publicReached, ...counts } = await runInNamespace<InstantFound>(script, { onEnd });
    const refused = counts.tries - notRefused.length;
    return {
      met:
        notRefused.length === 0 &&
        counts.connections === 0 &&
        counts.connectionsElsewhere === 0 &&
        publicReached.length === KINDS,
      figure: [
        `refused ${refused} of ${counts.tries} tries, connections ${counts.connections}`,
        `to answers that changed after the check ${counts.connectionsElsewhere}`,
        ...notRefused.slice(0, 1),
      ].join(', '),
      figures: {
        tries: counts.tries,
        refused,
        connections: counts.connections,
        connections_to_changed_answers: counts.connectionsElsewhere,
        kinds_that_reach_public_addresses: publicReached.length,
      },
    };
  },
};
