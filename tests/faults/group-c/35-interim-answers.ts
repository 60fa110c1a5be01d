import type { FaultRow } from '../fault-row.ts';
import { floods, head, says, saysAndCloses } from './behaviours.ts';
import { face } from './face.ts';

const NO_ANSWER = { outcome: 'connection_error', status: null, requestSent: true };

export const interimAnswers: FaultRow = {
  number: 35,
  group: 'C',
  fault: '101, endless 100 and 103, a 103 and nothing more',
  bar: 'a failure by deadline + 0.5 s, retried; a final answer behind a 103 counts; no connection left',
  short: true,
  run: async (surroundings) => {
    const cases = [
      { name: 'upgrade', behave: says(head(101, { upgrade: 'websocket', connection: 'upgrade' })), ...NO_ANSWER },
      { name: 'endless-100', behave: floods('', head(100)), ...NO_ANSWER },
      { name: 'endless-103', behave: floods('', head(103, { link: '</a>' })), ...NO_ANSWER },
      { name: 'stops-after-103', behave: says(head(103)), outcome: 'timeout', status: null, requestSent: true },
      {
        name: 'answers-after-103',
        behave: saysAndCloses(`${head(103)}${head(204)}`),
        outcome: 'delivered',
        status: 204,
      },
    ];
    return (await face(surroundings, { name: 'interim', cases })).finding;
  },
};
