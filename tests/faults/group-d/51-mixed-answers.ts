import type { FaultRow } from '../fault-row.ts';
import type { MixedFound } from './51-mixed-answers-process.ts';
import { namespaceObstacle, runInNamespace } from './namespace/run-in-namespace.ts';

export const mixedAnswers: FaultRow = {
  number: 51,
  group: 'D',
  fault: 'Answers of the name system that hold public and forbidden addresses, A and AAAA, in every order',
  bar: 'the whole name is refused',
  short: true,
  obstacle: namespaceObstacle,
  async run({ short, onEnd }) {
    const script = new URL('./51-mixed-answers-process.ts', import.meta.url);
    const { notRefused, ...counts } = await runInNamespace<MixedFound>(script, { onEnd, input: { late: !short } });
    const refused = counts.answers - notRefused.length;
    return {
      met:
        notRefused.length === 0 && counts.connections === 0 && counts.connectionsOfLate === 0 && counts.publicReached,
      figure: [
        `refused ${refused} of ${counts.answers} mixed answers at registration and at sending, connections ${counts.connections}`,
        `to addresses that came too late ${counts.connectionsOfLate}`,
        ...notRefused.slice(0, 1),
      ].join(', '),
      figures: {
        answers: counts.answers,
        refused,
        connections: counts.connections,
        connections_to_late_addresses: counts.connectionsOfLate,
        public_reached: counts.publicReached,
      },
    };
  },
};
