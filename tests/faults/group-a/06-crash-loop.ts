import { setTimeout as pause } from 'node:timers/promises';
import type { FaultRow } from '../fault-row.ts';
import { judge, together } from '../judge.ts';
import { startTraffic } from '../traffic.ts';
import { BOUNDED, IN_FLIGHT, ownDispatchers } from './own-dispatchers.ts';

const LIVES_MS = 2_000;
const LOOP_MS = 30_000;
const WINDOW_MS = 10_000;

/** The only dispatcher dies two seconds after every start. */
export const crashLoop: FaultRow = {
  number: 6,
  group: 'A',
  fault: 'the only dispatcher dies 2 s after each start, for 30 s',
  bar: 'lost 0, twice at most those in flight, something delivered in every 10 s',
  short: false,
  async run({ openWorld }) {
    const world = await openWorld(BOUNDED);
    let [dispatcher] = await ownDispatchers(world, 1);
    const traffic = await startTraffic(world, {
      name: 'looped',
      notifications: 1_000,
      perSecond: 35,
      mode: { kind: 'slow', ms: 30 },
    });
    const startedAt = Date.now();
    let kills = 0;
    while (Date.now() < startedAt + LOOP_MS) {
      await pause(LIVES_MS);
      dispatcher?.kill('SIGKILL');
      await dispatcher?.ended;
      kills += 1;
      dispatcher = await world.addReplica('dispatcher');
    }
    await traffic.sent;
    const finding = await judge(world, { ...traffic, maxDuplicates: kills * IN_FLIGHT });
    const times = traffic.recipients.flatMap(({ receipts }) => receipts.map(({ at }) => at.getTime() - startedAt));
    const perWindow = Array.from(
      { length: LOOP_MS / WINDOW_MS },
      (_, window) => times.filter((ms) => Math.floor(ms / WINDOW_MS) === window).length,
    );
    return together(finding, {
      met: perWindow.every((count) => count > 0),
      figure: `${kills} crashes, requests in each 10 s: ${perWindow.join(', ')}`,
      figures: { crashes: kills, least_in_10_s: Math.min(...perWindow) },
    });
  },
};
