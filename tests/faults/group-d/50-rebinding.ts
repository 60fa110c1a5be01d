import type { FaultRow } from '../fault-row.ts';
import type { RebindingFound } from './50-rebinding-process.ts';
import { namespaceObstacle, runInNamespace } from './namespace/run-in-namespace.ts';

const ALTERNATIONS = 1_000;

export const rebinding: FaultRow = {
  number: 50,
  group: 'D',
  fault: 'Names that lead to a public address first and inside afterwards, time to live 0, 1,000 turns',
  bar: 'only the vetted address is dialled',
  short: true,
  obstacle: namespaceObstacle,
  async run({ onEnd }) {
    const found = await runInNamespace<RebindingFound>(new URL('./50-rebinding-process.ts', import.meta.url), {
      onEnd,
      input: { alternations: ALTERNATIONS },
    });
    const { surprises, connectionsToVetted, connectionsElsewhere } = found;
    return {
      met: surprises.length === 0 && connectionsElsewhere === 0 && connectionsToVetted === ALTERNATIONS / 2,
      figure: [
        `${found.alternations} turns of one name and ${found.rebound} names that moved after registration`,
        `connections to the vetted address ${connectionsToVetted}, elsewhere ${connectionsElsewhere}`,
        ...surprises.slice(0, 1),
      ].join(', '),
      figures: {
        alternations: found.alternations,
        rebound_names: found.rebound,
        connections_to_vetted: connectionsToVetted,
        connections_elsewhere: connectionsElsewhere,
        surprises: surprises.length,
      },
    };
  },
};
