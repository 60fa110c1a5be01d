import { join } from 'node:path';
import { repositoryRoot, type ServiceName } from '@owngateway/local-stack';
import type { Replica, World } from '../../e2e/open-world.ts';
import { openShops, type Shops } from '../../e2e/stories/shops.ts';
import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import type { Receipt } from '../../parties/receiver.ts';
import type { DeliveryBody, DeliveryWithAttemptsBody } from '../../parties/records.ts';
import { inLanes, openSender } from '../../parties/sender.ts';
import type { FaultRow } from '../fault-row.ts';

const MINUTE_MS = 60_000;
const SKEWS_MIN = [-6, -4, 4, 6];
/** Signatures that are further off are refused: by us of connectors, by receivers of us (Stripe, Standard Webhooks). */
const TOLERANCE_MIN = 5;
const EVENTS = 15;
const DELAY_S = 2;
/** A job may begin half a second before its time (services/dispatcher/src/retry). */
const EARLY_MS = 500;
const MAX_SCHEDULE_ERROR_MS = 1_000;

const PRELOAD = join(repositoryRoot, 'tests', 'faults', 'group-g', 'shift-clock.mjs');

/** Services on machines whose clocks are wrong. */
export const clockSkew: FaultRow = {
  number: 87,
  group: 'G',
  fault: 'clock ±4 and ±6 min off on ingress and dispatcher; then two workers that are 12 min apart',
  bar: 'within 5 min all accepted, beyond refused and flagged; no retry early, lost or twice, at most 1 s later than with right clocks',
  short: false,
  async run({ openWorld }) {
    const world = await openWorld();
    const right = await retryAll(world, await shopWithRetries(world, 'right'), 'right');
    await world.stack.services.dispatcher.stop();
    const alone: Skewed[] = [];
    for (const minutes of SKEWS_MIN) alone.push(await withSkew(world, minutes));
    const apart = await withWorkersApart(world);
    const all = [...alone.map(({ schedule }) => schedule), apart];
    const worstMs = Math.max(...all.map(({ worstMs }) => worstMs));
    const early = all.reduce((sum, schedule) => sum + schedule.early, 0);
    const twice = all.reduce((sum, schedule) => sum + schedule.twice, 0);
    const wrong = alone.filter(({ asExpected }) => !asExpected).map(({ minutes }) => minutes);
    return {
      met: wrong.length === 0 && early === 0 && twice === 0 && worstMs - right.worstMs <= MAX_SCHEDULE_ERROR_MS,
      figure: [
        alone.map(({ minutes, said }) => `${minutes > 0 ? '+' : ''}${minutes} min: ${said}`).join('; '),
        `retries ${all.length * EVENTS}, early ${early}, twice ${twice}, lost 0, latest ${worstMs} ms after its time (right clocks ${right.worstMs})`,
        ...(wrong.length > 0 ? [`not as expected at ${wrong.join(', ')} min`] : []),
      ].join('. '),
      figures: {
        worst_schedule_error_ms: worstMs,
        worst_apart_ms: apart.worstMs,
        worst_with_right_clocks_ms: right.worstMs,
        early,
        twice,
        ...Object.fromEntries(alone.map(({ minutes, said }) => [`at_${minutes}_min`, said])),
      },
    };
  },
};

interface Skewed {
  minutes: number;
  said: string;
  asExpected: boolean;
  schedule: Schedule;
}

function addSkewed(world: World, service: ServiceName, minutes: number): Promise<Replica> {
  const clock = { NODE_OPTIONS: `--import=${PRELOAD}`, CLOCK_SHIFT_MS: String(minutes * MINUTE_MS) };
  return world.addReplica(service, clock);
}

async function withSkew(world: World, minutes: number): Promise<Skewed> {
  const name = `skew${minutes < 0 ? 'behind' : 'ahead'}${Math.abs(minutes)}`;
  const [ingress, dispatcher] = await Promise.all([
    addSkewed(world, 'ingress', minutes),
    addSkewed(world, 'dispatcher', minutes),
  ]);
  const shop = await shopWithRetries(world, name);
  const schedule = await retryAll(world, shop, name);
  // Stripe's library takes any time in the future; Standard Webhooks' neither.
  const verified = shop.receipts.filter(({ signatures: { standardWebhooks, stripe } }) => standardWebhooks && stripe);
  const received = shop.receipts.length;
  const taken = await openSender().post(
    { ...shop.account, url: shop.account.url.replace(world.stack.ingressUrl, ingress.url) },
    stripePayment(`${name}skewed`, shop.account.secret),
  );
  const flagged = (await Promise.all([ingress, dispatcher].map((one) => isFlagged(one, minutes)))).every(Boolean);
  await endOf([ingress, dispatcher]);
  const within = Math.abs(minutes) < TOLERANCE_MIN;
  const asExpected = flagged && taken === (within ? 200 : 401) && verified.length === (within ? received : 0);
  const said = `notification ${taken}, deliveries verify ${verified.length}/${received}${flagged ? ', flagged' : ''}`;
  return { minutes, said, asExpected, schedule };
}

/** Jobs that one worker puts off come to the other one too. */
async function withWorkersApart(world: World): Promise<Schedule> {
  const workers = await Promise.all([-6, 6].map((minutes) => addSkewed(world, 'dispatcher', minutes)));
  const shop = await shopWithRetries(world, 'apart');
  const schedule = await retryAll(world, shop, 'apart');
  await endOf(workers);
  return schedule;
}

type Shop = Shops & { receipts: readonly Receipt[] };

async function shopWithRetries(world: World, name: string): Promise<Shop> {
  const subscription = { retry_policy: { delays_s: [DELAY_S, DELAY_S] } };
  const shops = await openShops(world, `m_${name}`, [name], subscription, { kind: 'fail_then_ok', times: 1 });
  return { ...shops, receipts: shops.recipients[0]?.receipts ?? [] };
}

interface Schedule {
  /** How long after its time the latest retry came; negative when all came early. */
  worstMs: number;
  early: number;
  /** Requests beyond the two that every event needs. */
  twice: number;
}

/** Every event fails once; compares when its retry came, by the clock that is right, with when it was due. */
async function retryAll(world: World, shop: Shop, name: string): Promise<Schedule> {
  const sender = openSender();
  await inLanes(EVENTS, 5, (index) =>
    sender.postUntilTaken(shop.account, stripePayment(`${name}${index}`, shop.account.secret)),
  );
  const requests = 2 * EVENTS;
  await eventually(() => shop.receipts.length >= requests, { what: `${name}: every retry`, deadlineMs: 40_000 });
  const ended = async () => {
    const deliveries = await world.operator.list<DeliveryBody>('/v1/deliveries', { merchant_id: shop.id });
    return deliveries.length === EVENTS && deliveries.every(({ status }) => status === 'delivered') && deliveries;
  };
  const deliveries = await eventually(ended, { what: `${name}: every delivery`, deadlineMs: 20_000 });
  const errors = await Promise.all(
    deliveries.map(async ({ id }) => {
      const { attempts } = await world.operator.get<DeliveryWithAttemptsBody>(`/v1/deliveries/${id}`);
      const [, retry] = shop.receipts.filter(({ deliveryId }) => deliveryId === id);
      return (retry?.at.getTime() ?? Number.NaN) - Date.parse(attempts[0]?.next_attempt_at ?? '');
    }),
  );
  return {
    worstMs: Math.round(Math.max(...errors)),
    early: errors.filter((error) => !(error >= -EARLY_MS)).length,
    twice: shop.receipts.length - requests,
  };
}

async function isFlagged({ url, output }: Replica, minutes: number): Promise<boolean> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const offsetS = Number(/^clock_offset_seconds\S* (\S+)$/m.exec(metrics)?.[1]);
  return Math.abs(offsetS - minutes * 60) < 5 && output().includes('signatures are refused beyond');
}

async function endOf(replicas: readonly Replica[]): Promise<void> {
  for (const replica of replicas) replica.kill('SIGTERM');
  await Promise.all(replicas.map(({ ended }) => ended));
}
