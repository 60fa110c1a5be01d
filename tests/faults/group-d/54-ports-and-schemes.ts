import type { FaultRow } from '../fault-row.ts';
import type { PortsFound } from './54-ports-and-schemes-process.ts';
import { fetchStorePrograms } from './namespace/fetch-programs.ts';
import { namespaceObstacle, runInNamespace } from './namespace/run-in-namespace.ts';

export const portsAndSchemes: FaultRow = {
  number: 54,
  group: 'D',
  fault: 'Schemes and ports of other services, registered and changed to through the API of a production gateway',
  bar: 'all refused with their code, nobody asked or dialled',
  short: true,
  obstacle: namespaceObstacle,
  async run({ onEnd }) {
    await fetchStorePrograms();
    const script = new URL('./54-ports-and-schemes-process.ts', import.meta.url);
    const { surprises, falselyRefused, ...counts } = await runInNamespace<PortsFound>(script, { onEnd });
    return {
      met: surprises.length + falselyRefused.length + counts.questions + counts.connections === 0,
      figure: [
        `refused ${counts.tries - surprises.length} of ${counts.tries}, falsely refused ${falselyRefused.length}`,
        `questions to the name system ${counts.questions}, connections ${counts.connections}`,
        ...[...surprises, ...falselyRefused].slice(0, 1),
      ].join(', '),
      figures: {
        tries: counts.tries,
        refused: counts.tries - surprises.length,
        falsely_refused: falselyRefused.length,
        questions: counts.questions,
        connections: counts.connections,
      },
    };
  },
};
