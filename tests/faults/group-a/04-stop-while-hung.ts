import type { FaultRow } from '../fault-row.ts';
import { judge, together } from '../judge.ts';
import { startTraffic } from '../traffic.ts';
import { BOUNDED, ownDispatchers } from './own-dispatchers.ts';

const GRACE_MS = 5_000;
const BEYOND_GRACE_MS = 2_000;
/** Far below the leases of the requests that were cut off (25 s). */
const AGAIN_WITHIN_MS = 10_000;
const NOTIFICATIONS = 40;

/** Requests in every stage (in their job, on their own, claimed from a queue) that only the end of the grace can end. */
export const stopWhileHung: FaultRow = {
  number: 4,
  group: 'A',
  fault: 'SIGTERM while a receiver hangs',
  bar: 'exit code 0 within grace + 2 s, cut off requests sent once more within 10 s of the next start',
  short: false,
  async run({ openWorld }) {
    const world = await openWorld({ ...BOUNDED, SHUTDOWN_GRACE_MS: String(GRACE_MS) });
    const [dispatcher] = await ownDispatchers(world, 1);
    const traffic = await startTraffic(world, {
      name: 'hung',
      notifications: NOTIFICATIONS,
      perSecond: 15,
      mode: { kind: 'hang' },
    });
    await traffic.sent;
    await traffic.untilRequests(NOTIFICATIONS);
    const startedAt = performance.now();
    dispatcher?.kill('SIGTERM');
    const code = await dispatcher?.ended;
    const stopMs = performance.now() - startedAt;
    for (const receiver of traffic.receivers) receiver.mode = { kind: 'ok' };
    const cutOff = traffic.requests();
    await world.addReplica('dispatcher');
    const againMs = await traffic.untilReceived();
    const finding = await judge(world, { ...traffic, maxDuplicates: 0 });
    const again = traffic.requests() - cutOff;
    return together(finding, {
      met:
        code === 0 &&
        stopMs <= GRACE_MS + BEYOND_GRACE_MS &&
        againMs <= AGAIN_WITHIN_MS &&
        again === traffic.acked.length,
      figure: `exit code ${code} after ${seconds(stopMs)} (grace ${seconds(GRACE_MS)}), ${cutOff} cut off, ${again} sent again within ${seconds(againMs)}`,
      figures: {
        exit_code: code ?? null,
        stop_ms: stopMs,
        cut_off: cutOff,
        sent_again: again,
        again_within_ms: againMs,
      },
    });
  },
};

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
