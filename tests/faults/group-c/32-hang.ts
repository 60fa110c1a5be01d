import type { FaultRow } from '../fault-row.ts';
import { silence } from './behaviours.ts';
import { face } from './face.ts';

export const hang: FaultRow = {
  number: 32,
  group: 'C',
  fault: 'a receiver accepts and never answers',
  bar: 'every attempt ends by deadline + 0.5 s, is retried; others as if nothing were; no connection left',
  short: false,
  run: async (surroundings) => {
    const cases = [{ name: 'hang', behave: silence, outcome: 'timeout', status: null, requestSent: true }];
    return (await face(surroundings, { name: 'hang', cases })).finding;
  },
};
