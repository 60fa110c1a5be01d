import type { World } from '../../e2e/open-world.ts';
import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import { connectAccount, subscribe } from '../../parties/onboarding.ts';
import type { DeliveryBody, DeliveryWithAttemptsBody } from '../../parties/records.ts';
import { inLanes, openSender } from '../../parties/sender.ts';
import type { Finding, Surroundings } from '../fault-row.ts';
import { type Behaviour, type HostileOptions, type HostileReceiver, openHostileReceiver } from '../hostile-receiver.ts';
import { openSockets } from '../process-figures.ts';

/** The deadline of every attempt, the shortest that a subscription may have. */
export const DEADLINE_MS = 1_000;
const BEYOND_DEADLINE_MS = 500;
const ENDS_WITHIN_MS = 60_000;
const LANES = 8;
const ENDED = new Set(['delivered', 'failed']);

/** One hostile receiver, and what its delivery must say of every attempt. */
export interface Case extends HostileOptions {
  name: string;
  behave: Behaviour;
  outcome: string;
  /** Null when no status counts. */
  status: number | null;
  /** What the attempt says about doubt; undefined when a whole answer came, `either` when it depends on who was faster. */
  requestSent?: boolean | 'either';
}

export interface Plan {
  name: string;
  cases: readonly Case[];
  subscription?: object;
}

/** What became of one case. */
export interface Faced {
  readonly the: Case;
  readonly receiver: HostileReceiver;
  readonly delivery: DeliveryWithAttemptsBody;
}

export interface Facing {
  readonly world: World;
  /** The dispatcher's process. */
  readonly pid: number;
  /** Posts so many more events to all of them, and resolves when every delivery has ended. */
  sendMore(count: number): Promise<void>;
  readonly faced: readonly Faced[];
  readonly finding: Finding;
}

/**
 * Sends one event to every hostile receiver and to an honest one beside them, waits until each delivery has ended (a
 * failure is retried once, a second later), and compares every attempt with what was to be expected. Then all get another
 * event, of which the honest one's must arrive as if nothing had been, by the same process, and no connection may be left.
 */
export async function face(surroundings: Surroundings, plan: Plan): Promise<Facing> {
  const world = await surroundings.openWorld();
  const { api } = await world.merchant(`m_${plan.name}`);
  const account = await connectAccount(world.operator, `m_${plan.name}`, 'stripe');
  const honest = await world.receiver(`${plan.name}-honest`);
  await subscribe(api, honest);
  const ofCase = new Map<string, { the: Case; receiver: HostileReceiver }>();
  for (const the of plan.cases) {
    const receiver = await openHostileReceiver(the.name, the.behave, the);
    surroundings.onEnd(() => receiver.close());
    const { id } = await api.post<{ id: string }>('/v1/subscriptions', {
      url: receiver.url,
      event_types: ['*'],
      timeout_ms: DEADLINE_MS,
      retry_policy: { delays_s: [1] },
      ...plan.subscription,
    });
    ofCase.set(id, { the, receiver });
  }
  const pid = world.stack.pids().dispatcher;
  const sender = openSender();

  async function sendOne(key: string): Promise<DeliveryBody[]> {
    const before = honest.receipts.length;
    await sender.postUntilTaken(account, stripePayment(`${plan.name}${key}`, account.secret));
    await eventually(() => honest.receipts.length > before, { what: 'the event at the honest receiver' });
    const query = { event_id: honest.receipts[before]?.eventId ?? '' };
    return await eventually(
      async () => {
        const list = await api.list<DeliveryBody>('/v1/deliveries', query);
        return list.length === plan.cases.length + 1 && list.every(({ status }) => ENDED.has(status)) && list;
      },
      { what: `the end of every delivery of ${plan.name}`, deadlineMs: ENDS_WITHIN_MS, intervalMs: 250 },
    );
  }

  const faced: Faced[] = [];
  for (const { id, subscription_id } of await sendOne('first')) {
    const one = ofCase.get(subscription_id ?? '');
    if (one === undefined) continue;
    faced.push({ ...one, delivery: await api.get<DeliveryWithAttemptsBody>(`/v1/deliveries/${id}`) });
  }
  const longestMs = Math.max(...faced.flatMap(durationsMs));
  await sendOne('second');
  const leaked: string[] = [];
  for (const { receiver } of faced) await receiver.untilLeft().catch(() => leaked.push(receiver.name));

  const faults = faced.flatMap(faultsOf);
  if (leaked.length > 0) faults.push(`connections left to ${leaked.join(', ')}`);
  if (world.stack.pids().dispatcher !== pid) faults.push('the dispatcher was started again');
  const onTime = surroundings.short || longestMs <= DEADLINE_MS + BEYOND_DEADLINE_MS;
  if (!onTime) faults.push(`an attempt took ${longestMs} ms`);
  return {
    world,
    pid: pid ?? 0,
    async sendMore(count) {
      const begun = honest.receipts.length;
      await inLanes(count, LANES, async (index) => {
        await sender.postUntilTaken(account, stripePayment(`${plan.name}${begun + index}`, account.secret));
      });
      const ofMerchant = { merchant_id: `m_${plan.name}` };
      await eventually(
        async () => {
          const open = await Promise.all(
            ['pending', 'retrying'].map((status) =>
              api.get<{ data: unknown[] }>(`/v1/deliveries?${new URLSearchParams({ ...ofMerchant, status })}`),
            ),
          );
          return honest.receipts.length >= begun + count && open.every(({ data }) => data.length === 0);
        },
        { what: `the end of ${count} more events`, deadlineMs: 300_000, intervalMs: 250 },
      );
    },
    faced,
    finding: {
      met: faults.length === 0,
      figure: [
        `${faced.length} receivers, longest attempt ${longestMs} ms, connections left ${leaked.length}`,
        ...(faults.length > 0 ? [`${faults.length} faults, first: ${faults[0]}`] : []),
      ].join(', '),
      figures: {
        receivers: faced.length,
        longest_attempt_ms: longestMs,
        connections_left: leaked.length,
        sockets_of_dispatcher: pid === null ? null : await openSockets(pid).catch(() => null),
        faults: faults.length,
        first_fault: faults[0] ?? null,
      },
    },
  };
}

/** As the attempts say, and for those that were cut at the deadline also as the receiver saw it. */
function durationsMs({ the, receiver, delivery }: Faced): number[] {
  const own = delivery.attempts.map(({ duration_ms }) => duration_ms);
  if (the.outcome !== 'timeout') return own;
  const ended = receiver.requests.filter(({ closedAtMs }) => closedAtMs !== null);
  return [...own, ...ended.map(({ atMs, closedAtMs }) => Math.round((closedAtMs ?? atMs) - atMs))];
}

function faultsOf({ the, receiver, delivery }: Faced): string[] {
  const faults: string[] = [];
  const wanted = the.outcome === 'delivered' ? 1 : 2;
  const status = the.outcome === 'delivered' ? 'delivered' : 'failed';
  if (delivery.status !== status) faults.push(`${the.name}: ${delivery.status} instead of ${status}`);
  if (delivery.attempts.length !== wanted) faults.push(`${the.name}: ${delivery.attempts.length} attempts`);
  const eventId = delivery.event_id;
  // One that does not read what comes cannot count it (I5).
  const requests = receiver.requests.filter((request) => request.eventId === eventId).length;
  if (the.greet === undefined && requests !== delivery.attempts.length)
    faults.push(`${the.name}: ${requests} requests for ${delivery.attempts.length} attempts`);
  const bodies = new Set(receiver.requests.filter((one) => one.eventId === eventId).map(({ body }) => body));
  if (bodies.size > 1) faults.push(`${the.name}: different bodies of one event`);
  for (const attempt of delivery.attempts) {
    const seen = { outcome: attempt.outcome, status: attempt.http_status, sent: attempt.failure?.request_sent };
    const sent = the.requestSent === 'either' ? seen.sent : the.requestSent;
    const expected = { outcome: the.outcome, status: the.status, sent };
    if (JSON.stringify(seen) !== JSON.stringify(expected))
      faults.push(`${the.name}: ${JSON.stringify(seen)} instead of ${JSON.stringify(expected)}`);
  }
  return faults;
}
