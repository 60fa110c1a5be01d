import { setTimeout as pause } from 'node:timers/promises';
import type { FaultRow } from '../fault-row.ts';
import { judge } from '../judge.ts';
import { startTraffic } from '../traffic.ts';
import { BOUNDED, IN_FLIGHT, ownDispatchers } from './own-dispatchers.ts';

const KILLS = 10;

/** A process that is gone in the middle of its requests, again and again. */
export const dispatcherKilled: FaultRow = {
  number: 1,
  group: 'A',
  fault: `one of two dispatchers killed at random, ${KILLS} times`,
  bar: `lost 0, twice at most those in flight (${KILLS} x ${IN_FLIGHT})`,
  short: false,
  async run({ openWorld }) {
    const world = await openWorld(BOUNDED);
    const dispatchers = await ownDispatchers(world, 2);
    const traffic = await startTraffic(world, {
      name: 'killed',
      notifications: 2_000,
      perSecond: 120,
      mode: { kind: 'slow', ms: 50 },
    });
    for (let kill = 0; kill < KILLS; kill += 1) {
      await pause(200 + Math.random() * 800);
      const index = Math.floor(Math.random() * dispatchers.length);
      dispatchers[index]?.kill('SIGKILL');
      dispatchers[index] = await world.addReplica('dispatcher');
    }
    await traffic.sent;
    return await judge(world, { ...traffic, maxDuplicates: KILLS * IN_FLIGHT });
  },
};
