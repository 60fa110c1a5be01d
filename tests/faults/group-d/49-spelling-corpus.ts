import type { FaultRow } from '../fault-row.ts';
import type { SpellingsFound } from './49-spelling-corpus-process.ts';
import { namespaceObstacle, runInNamespace } from './namespace/run-in-namespace.ts';

/** The corpus stands in packages/outbound/tests/corpus. */
export const spellingCorpus: FaultRow = {
  number: 49,
  group: 'D',
  fault: 'Forbidden hosts in every spelling: number formats, Unicode, escapes, userinfo, brackets, dots',
  bar: 'all refused before a name is asked for or a connection is made',
  short: true,
  obstacle: namespaceObstacle,
  async run({ onEnd }) {
    const script = new URL('./49-spelling-corpus-process.ts', import.meta.url);
    const { notRefused, ...counts } = await runInNamespace<SpellingsFound>(script, { onEnd });
    const refused = counts.tries - notRefused.length;
    return {
      met: notRefused.length === 0 && counts.connections === 0 && counts.questions === 0 && counts.plainNameReached,
      figure: [
        `${counts.spellings} spellings, refused ${refused} of ${counts.tries} tries`,
        `connections ${counts.connections}, questions to the name system ${counts.questions}`,
        ...notRefused.slice(0, 1),
      ].join(', '),
      figures: {
        spellings: counts.spellings,
        tries: counts.tries,
        refused,
        connections: counts.connections,
        questions: counts.questions,
        plain_name_reached: counts.plainNameReached,
      },
    };
  },
};
