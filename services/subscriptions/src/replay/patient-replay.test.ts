import { patientReplay } from './patient-replay.ts';

const SCOPE = { level: 'operator' } as const;

function setUp(sentAfter: number) {
  let asked = 0;
  const pauses: number[] = [];
  const replay = patientReplay({
    deliveries: {
      replay: async () => {
        asked += 1;
        return asked > sentAfter ? 'not_found' : 'unsent';
      },
    },
    now: () => new Date(),
    pause: async (ms) => pauses.push(ms),
  });
  return { replay, pauses };
}

it('waits until the replay before is under way', async () => {
  const { replay, pauses } = setUp(3);
  expect(await replay(SCOPE, 'dlv_1')).toBe('not_found');
  expect(pauses).toHaveLength(3);
});

it('waits two seconds at the most', async () => {
  const { replay, pauses } = setUp(Number.POSITIVE_INFINITY);
  expect(await replay(SCOPE, 'dlv_1')).toBe('unsent');
  expect(pauses.reduce((sum, ms) => sum + ms, 0)).toBe(2_000);
});
