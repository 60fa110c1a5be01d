import type { FaultRow } from '../fault-row.ts';
import type { RedirectsFound } from './53-redirects-process.ts';
import { fetchStorePrograms } from './namespace/fetch-programs.ts';
import { namespaceObstacle, runInNamespace } from './namespace/run-in-namespace.ts';

export const redirects: FaultRow = {
  number: 53,
  group: 'D',
  fault: 'Receivers that answer 301, 302, 303, 307, 308 to every forbidden kind, other schemes and themselves',
  bar: 'recorded as failure, none followed',
  short: true,
  obstacle: namespaceObstacle,
  async run({ short, onEnd }) {
    await fetchStorePrograms();
    const found = await runInNamespace<RedirectsFound>(new URL('./53-redirects-process.ts', import.meta.url), {
      onEnd,
      input: { short },
    });
    const { surprises, followUps, connectionsElsewhere } = found;
    return {
      met: surprises.length === 0 && followUps === 0 && connectionsElsewhere === 0,
      figure: [
        `${found.redirects} redirects, recorded as failures ${found.redirects - surprises.length}`,
        `follow-ups ${followUps}, connections elsewhere ${connectionsElsewhere}`,
        ...surprises.slice(0, 1),
      ].join(', '),
      figures: {
        redirects: found.redirects,
        recorded_otherwise: surprises.length,
        follow_ups: followUps,
        connections_elsewhere: connectionsElsewhere,
      },
    };
  },
};
