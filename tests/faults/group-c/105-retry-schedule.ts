import { describeSchedule } from '@owngateway/domain';
import type { World } from '../../e2e/open-world.ts';
import { openShops, type Shops } from '../../e2e/stories/shops.ts';
import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import type { Receipt } from '../../parties/receiver.ts';
import type { ReceiverMode } from '../../parties/receiver-mode.ts';
import type { DeliveryBody, DeliveryWithAttemptsBody } from '../../parties/records.ts';
import { inLanes, openSender } from '../../parties/sender.ts';
import type { FaultRow } from '../fault-row.ts';

const FAILS: ReceiverMode = { kind: 'status', status: 500 };
const LANES = 16;
const LATE_MS = 1_000;
/** A job that comes half a second before its time is let through. */
const EARLY_MS = 600;
/** Between the end of an attempt as recorded and the moment at which the next one is drawn. */
const DRAWN_WITHIN_MS = 1_000;
/** The process asks the database for its time now and then, and is a few milliseconds off. */
const CLOCK_STEP_MS = 50;

/** A policy, the retries that are waited for, and how far each may be from the published delay. */
const POLICIES = [
  { name: 'explicit', policy: { delays_s: [1, 2, 3, 5] }, events: 100, retries: 4, jitter: 0 },
  { name: 'exponential', policy: 'exponential-24h', events: 100, retries: 3, jitter: 0.2 },
  { name: 'three', policy: 'three-retries', events: 100, retries: 1, jitter: 0 },
] as const;

const HANGING = 12;

export const retrySchedule: FaultRow = {
  number: 105,
  group: 'C',
  fault: 'receivers that answer 500, under each kind of retry policy, beside one that hangs',
  bar: 'each retry begins within 1 s of the time drawn, that lies where the policy says; what a breaker holds back says so, and until when',
  short: false,
  async run({ openWorld }) {
    const world = await openWorld();
    const [held, ...runs] = await Promise.all([heldBack(world), ...POLICIES.map((one) => followed(world, one))]);
    const lateMs = runs.flatMap((run) => run.lateMs).sort((a, b) => a - b);
    const outside = runs.reduce((sum, run) => sum + run.outside, 0);
    const latest = lateMs.at(-1) ?? Number.NaN;
    const earliest = lateMs[0] ?? Number.NaN;
    const wanted = POLICIES.reduce((sum, { events, retries }) => sum + events * retries, 0);
    return {
      met: latest <= LATE_MS && earliest >= -EARLY_MS && outside === 0 && lateMs.length >= wanted && held.untold === 0,
      figure: `${lateMs.length} retries, ${earliest} to ${latest} ms after the time drawn (median ${lateMs[lateMs.length >> 1]}), ${outside} drawn outside the policy; ${held.waiting} held back by a breaker, ${held.untold} do not say so`,
      figures: {
        retries: lateMs.length,
        latest_ms: latest,
        median_ms: lateMs[lateMs.length >> 1] ?? null,
        earliest_ms: earliest,
        drawn_outside: outside,
        held_back: held.waiting,
        held_back_untold: held.untold,
      },
    };
  },
};

/** Sends the events, waits for the retries, and compares what the receiver saw with what the attempts say. */
async function followed(
  world: World,
  { name, policy, events, retries, jitter }: (typeof POLICIES)[number],
): Promise<{ lateMs: number[]; outside: number }> {
  const shops = await openShops(world, `m_${name}`, [name], { retry_policy: policy }, FAILS);
  const receipts = shops.recipients[0]?.receipts ?? [];
  await send(shops, name, events);
  await eventually(() => receipts.filter(({ attempt }) => attempt > retries).length >= events, {
    what: `${retries} retries of ${events} events under ${name}`,
    deadlineMs: 90_000,
    intervalMs: 250,
  });
  const lateMs: number[] = [];
  let outside = 0;
  for (const { id } of await shops.api.list<DeliveryBody>('/v1/deliveries')) {
    const { attempts } = await shops.api.get<DeliveryWithAttemptsBody>(`/v1/deliveries/${id}`);
    for (const attempt of attempts.slice(0, retries)) {
      const drawnMs = Date.parse(attempt.next_attempt_at ?? '');
      const next = receipts.find(
        (receipt: Receipt) => receipt.deliveryId === id && receipt.attempt === attempt.number + 1,
      );
      if (next !== undefined) lateMs.push(next.at.getTime() - drawnMs);
      const delayMs = drawnMs - (Date.parse(attempt.started_at) + attempt.duration_ms);
      const nominalMs = (describeSchedule(asPolicy(policy))[attempt.number - 1] ?? 0) * 1_000;
      const shortest = nominalMs * (1 - jitter);
      if (!(delayMs >= shortest - CLOCK_STEP_MS && delayMs <= nominalMs * (1 + jitter) + DRAWN_WITHIN_MS)) outside += 1;
    }
  }
  return { lateMs, outside };
}

function asPolicy(policy: (typeof POLICIES)[number]['policy']): Parameters<typeof describeSchedule>[0] {
  return typeof policy === 'string' ? policy : { delays_s: [...policy.delays_s] };
}

/** Hangs until its breaker opens, and looks what its deliveries say then. */
async function heldBack(world: World): Promise<{ waiting: number; untold: number }> {
  const subscription = { timeout_ms: 1_000, max_in_flight: 5, retry_policy: { delays_s: [1, 1, 1, 1, 1, 1, 1, 1] } };
  const shops = await openShops(world, 'm_hanging', ['hanging'], subscription, { kind: 'hang' });
  await send(shops, 'hanging', HANGING);
  const open = async () => {
    const list = await shops.api.list<DeliveryWithAttemptsBody>('/v1/deliveries');
    return list.filter(({ status }) => status === 'pending' || status === 'retrying');
  };
  const told = (one: DeliveryWithAttemptsBody) =>
    one.held_back_by === 'breaker' && Date.parse(one.next_attempt_at ?? '') > Date.now();
  const all = await eventually(
    async () => {
      const waiting = await open();
      // One of them tries whether the endpoint is back.
      return waiting.length === HANGING && waiting.filter(told).length >= HANGING - 1 && waiting;
    },
    { what: 'deliveries that say what holds them back', deadlineMs: 40_000, intervalMs: 250 },
  ).catch(open);
  return { waiting: all.length, untold: Math.max(0, all.filter((one) => !told(one)).length - 1) };
}

async function send({ account }: Shops, name: string, count: number): Promise<void> {
  const sender = openSender();
  await inLanes(count, LANES, (index) =>
    sender.postUntilTaken(account, stripePayment(`${name}${index}`, account.secret)),
  );
}
