import { openDatabase } from '../database.ts';
import type { FaultRow } from '../fault-row.ts';
import { judge, together } from '../judge.ts';
import { startTraffic } from '../traffic.ts';
import { BOUNDED, IN_FLIGHT, ownDispatchers } from './own-dispatchers.ts';
import { rememberDelivered } from './stale-writes.ts';

const NOTIFICATIONS = 600;
const SLOW_MS = 400;

/** A process that is not scheduled for longer than its locks last, and then goes on as if nothing had been. */
export const dispatcherFrozen: FaultRow = {
  number: 7,
  group: 'A',
  fault: 'one of two dispatchers frozen until the other has its jobs, then woken',
  bar: `lost 0, twice at most those in flight (${IN_FLIGHT}), no stale write`,
  short: false,
  async run({ openWorld, onEnd }) {
    const world = await openWorld(BOUNDED);
    const [frozen] = await ownDispatchers(world, 2);
    const traffic = await startTraffic(world, {
      name: 'frozen',
      notifications: NOTIFICATIONS,
      perSecond: 100,
      // The first answer of an event is a refusal: what the frozen one will have to write, and must not.
      mode: { kind: 'fail_then_ok', times: 1, afterMs: SLOW_MS },
      subscription: { retry_policy: { delays_s: [1, 1, 1, 1] } },
    });
    await traffic.untilRequests(NOTIFICATIONS / 3);
    frozen?.kill('SIGSTOP');
    await traffic.sent;
    // Its claims last 50 s, its locks 15 s; what the time would do to the former is done by hand.
    const deliveries = (await openDatabase(world, onEnd)).collection('deliveries');
    const past = new Date(Date.now() - 60_000);
    const isLeased = { lease: { $exists: true } };
    const { modifiedCount } = await deliveries.updateMany(isLeased, { $set: { 'lease.until': past, due_at: past } });
    // Longer than the lock (15 s) and its check (5 s): the other one has taken over by then.
    const takenOverMs = await traffic.untilReceived();
    const stale = await rememberDelivered(traffic);
    frozen?.kill('SIGCONT');
    const finding = await judge(world, { ...traffic, maxDuplicates: IN_FLIGHT });
    frozen?.kill('SIGTERM');
    const code = await frozen?.ended;
    return together(finding, await stale(), {
      met: takenOverMs > 15_000 && code === 0,
      figure: `taken over after ${(takenOverMs / 1_000).toFixed(1)} s, claims run out ${modifiedCount}`,
      figures: { claims_run_out: modifiedCount, taken_over_after_ms: takenOverMs, exit_code: code ?? null },
    });
  },
};
