import type { FaultRow } from '../fault-row.ts';
import { judge, together } from '../judge.ts';
import { startTraffic } from '../traffic.ts';
import { BOUNDED, IN_FLIGHT, ownDispatchers } from './own-dispatchers.ts';
import { rememberDelivered } from './stale-writes.ts';

const BLOCK_MS = 40_000;
const NOTIFICATIONS = 1_000;
/** As the probes in k8s/base wait. */
const PROBE_MS = 3_000;

/** A process that computes and does nothing else: it renews no lock and answers no probe. */
export const eventLoopBlocked: FaultRow = {
  number: 8,
  group: 'A',
  fault: `event loop of one of two dispatchers blocked for ${BLOCK_MS / 1_000} s`,
  bar: `its probes fail, the other one takes its jobs before it wakes, lost 0, twice at most those in flight (${IN_FLIGHT})`,
  short: false,
  async run({ openWorld }) {
    const world = await openWorld(BOUNDED);
    const preload = new URL('block-event-loop.mjs', import.meta.url).href;
    const [blocked] = await ownDispatchers(world, 2, {
      NODE_OPTIONS: `--import=${preload}`,
      BLOCK_MS: String(BLOCK_MS),
    });
    const traffic = await startTraffic(world, {
      name: 'blocked',
      notifications: NOTIFICATIONS,
      perSecond: 100,
      mode: { kind: 'slow', ms: 100 },
    });
    await traffic.untilRequests(NOTIFICATIONS / 4);
    const blockedAt = performance.now();
    blocked?.kill('SIGUSR2');
    const [readiness, liveness] = await Promise.all([probe(`${blocked?.url}/readyz`), probe(`${blocked?.url}/livez`)]);
    await traffic.sent;
    await traffic.untilReceived();
    const movedMs = performance.now() - blockedAt;
    const stale = await rememberDelivered(traffic);
    const awake = await probe(`${blocked?.url}/livez`, BLOCK_MS + 10_000);
    const finding = await judge(world, { ...traffic, maxDuplicates: IN_FLIGHT });
    return together(finding, await stale(), {
      met: readiness !== 200 && liveness !== 200 && movedMs < BLOCK_MS && awake === 200,
      figure: `probes while blocked: ${readiness ?? 'no answer'}, ${liveness ?? 'no answer'}; all delivered ${(movedMs / 1_000).toFixed(1)} s after the block began`,
      figures: { readiness_while_blocked: readiness, liveness_while_blocked: liveness, moved_after_ms: movedMs },
    });
  },
};

async function probe(url: string, timeoutMs = PROBE_MS): Promise<number | null> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })).status;
  } catch {
    return null;
  }
}
