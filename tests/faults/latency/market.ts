import { setTimeout as pause } from 'node:timers/promises';
import { createQueueInspector, type QueueInspector } from '@owngateway/queue';
import { createMerchants, type Merchants } from '../../../bench/gateway/merchants.ts';
import { startGenerator } from '../../../bench/load/generator.ts';
import { latenciesOf } from '../../../bench/measure/percentiles.ts';
import { type Receiver, startReceiver } from '../../../bench/receiver/receiver.ts';
import type { World } from '../../e2e/open-world.ts';
import type { Surroundings } from '../fault-row.ts';

/** For so long after a change of a subscription every look finds it again, which costs (rule 3). */
const CHANGES_ARE_OLD_AFTER_MS = 16_000;

/** How long the last event of a measurement may take. */
const ARRIVES_WITHIN_MS = 30_000;

const QUIET_WITHIN_MS = 60_000;

export interface MarketPlan {
  merchants: number;
  /** Notifications per second over all merchants, evenly spaced, whatever the answers do. */
  perSecond: number;
  settings?: Readonly<Record<string, string>>;
  subscription?: object;
}

/**
 * Many merchants with an endpoint each, and what their events take from the notification to the endpoint. The instruments are
 * the bench's, in processes of their own.
 */
export interface Market {
  readonly world: World;
  readonly merchants: Merchants;
  readonly receiver: Receiver;
  readonly queues: QueueInspector;
  /** For so many seconds; the p99 in milliseconds, of first arrivals at all endpoints but one. */
  measure(seconds: number, options?: { except?: number }): Promise<number>;
  /** Resolves when every queue is empty. */
  untilQuiet(): Promise<void>;
}

/** Opens a market that has warmed up. */
export async function openMarket(surroundings: Surroundings, plan: MarketPlan): Promise<Market> {
  const world = await surroundings.openWorld(plan.settings);
  const { stack } = world;
  const receiver = await startReceiver(plan.merchants);
  surroundings.onEnd(() => receiver.stop());
  const generator = await startGenerator();
  surroundings.onEnd(() => generator.stop());
  const queues = createQueueInspector({ redisUrl: stack.stores.redis.url, prefix: 'owngateway', shards: 1 });
  surroundings.onEnd(() => queues.close());
  const operatorToken = stack.mintToken({ owner: { level: 'operator', id: '*' } });
  const merchants = await createMerchants(
    { ingressUrl: stack.ingressUrl, apiUrl: stack.apiUrl, operatorToken },
    receiver.ports,
    plan.subscription,
  );
  let nextEvent = 0;

  async function measure(seconds: number, { except = -1 }: { except?: number } = {}): Promise<number> {
    const count = plan.perSecond * seconds;
    const range = { from: nextEvent, to: nextEvent + count };
    nextEvent = range.to;
    const pace = { kind: 'open', perSecond: plan.perSecond } as const;
    const content = { kind: 'notifications', secrets: merchants.secrets } as const;
    await generator.call('prepare', { from: range.from, count, pace, content, targets: merchants.targets });
    const sent = await generator.call('fire', undefined);
    const acknowledged = (sent.statuses[200] ?? 0) + (sent.statuses[202] ?? 0) + (sent.statuses[204] ?? 0);
    if (acknowledged < count) throw new Error(`${acknowledged} of ${count} notifications were acknowledged`);
    const counted = Array.from(sent.sentAtMs.keys()).filter((i) => (range.from + i) % plan.merchants !== except);
    const wanted = { range, count: counted.length, timeoutMs: ARRIVES_WITHIN_MS };
    const arrived = await receiver.call('waitFor', wanted);
    if (arrived < counted.length) throw new Error(`only ${arrived} of ${counted.length} events arrived`);
    const arrivedAtMs = await receiver.call('times', range);
    return latenciesOf(counted.map((i) => (arrivedAtMs[i] ?? 0) - (sent.sentAtMs[i] ?? 0))).p99_ms ?? Number.NaN;
  }

  async function untilQuiet(): Promise<void> {
    const deadline = Date.now() + QUIET_WITHIN_MS;
    for (;;) {
      const depths = Object.values(await queues.depths());
      if (depths.every(({ waiting, delayed, active }) => waiting + delayed + active === 0)) return;
      if (Date.now() > deadline) throw new Error(`queues are not empty after ${QUIET_WITHIN_MS} ms`);
      await pause(100);
    }
  }

  const warmUntil = Date.now() + CHANGES_ARE_OLD_AFTER_MS;
  while (Date.now() < warmUntil) await measure(2);
  await untilQuiet();
  return { world, merchants, receiver, queues, measure, untilQuiet };
}
