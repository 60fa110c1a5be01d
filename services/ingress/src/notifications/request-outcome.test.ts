import { Readable } from 'node:stream';
import type { Request } from 'express';
import { IntakeLimit } from './intake-limit.ts';
import type { Reception } from './receive-notification.ts';
import { createRequestOutcome } from './request-outcome.ts';

const REFUSED: Reception = { kind: 'refused', reason: 'unknown_account' };
const path = { merchantId: 'm_1', name: 'paypal' };

function setUp(given: { needsEvidence: boolean; open?: () => Promise<void> }) {
  const gate = { stroke: 7, open: jest.fn(given.open ?? (async () => undefined)), close: () => undefined };
  const outcomeOf = createRequestOutcome({
    async receive() {
      // As the strokes go on while an account is read.
      gate.stroke += 100;
      return REFUSED;
    },
    answerHandshake: async () => ({ kind: 'no_handshake' }),
    evidence: { mayBeNeeded: () => given.needsEvidence },
    limit: new IntakeLimit({ maxNotifications: 2_000, maxBytes: 100_000 }, () => 0),
    publicUrl: 'https://gateway.example',
    gate,
  });
  const post = () => {
    const request = { method: 'POST', headers: {}, rawHeaders: [], originalUrl: '/' };
    return outcomeOf(Object.assign(Readable.from([Buffer.from('{}')]), request) as unknown as Request, path);
  };
  return { gate, post };
}

it.each([
  [false, [7]],
  [true, [7, 2_600]],
])('counts the time to a refusal from when the request was there (evidence: %p)', async (needsEvidence, expected) => {
  const { gate, post } = setUp({ needsEvidence });
  expect(await post()).toEqual(REFUSED);
  expect(gate.open.mock.calls).toEqual([expected]);
});

it('lets a thousand refusals wait for as long as gathering may take, puts off more, and has room again after', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { promise: allWait, resolve: reached } = Promise.withResolvers<void>();
  let waiting = 0;
  const { post } = setUp({
    needsEvidence: true,
    open() {
      waiting += 1;
      if (waiting === 1_000) {
        reached();
      }
      return promise;
    },
  });
  const many = Array.from({ length: 1_000 }, post);
  await allWait;
  expect(await post()).toMatchObject({ kind: 'turned_away', reason: 'overloaded' });
  resolve();
  expect(new Set((await Promise.all(many)).map(({ kind }) => kind))).toEqual(new Set(['refused']));
  expect(await post()).toEqual(REFUSED);
});
