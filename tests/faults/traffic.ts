import type { World } from '../e2e/open-world.ts';
import { openShops, type Shops } from '../e2e/stories/shops.ts';
import type { Recipient } from '../invariants/check-invariants.ts';
import { eventually } from '../parties/eventually.ts';
import { stripePayment } from '../parties/notifications.ts';
import type { Receiver } from '../parties/receiver.ts';
import type { ReceiverMode } from '../parties/receiver-mode.ts';
import { atRate, openSender, type Sender } from '../parties/sender.ts';

/** Notifications of some merchants while something is done to the gateway. */
export interface TrafficPlan {
  /** In every id of this traffic, so that several in one world keep apart. */
  name: string;
  notifications: number;
  /** Begun per second, whatever becomes of those before. */
  perSecond: number;
  /** Each has one receiver; 3 unless given. */
  merchants?: number;
  subscription?: object;
  mode?: ReceiverMode;
  /** Where they are posted instead of at the world's ingress. */
  ingressUrl?: string;
}

export interface Traffic extends Pick<Sender, 'acked' | 'answers' | 'durationsMs'> {
  readonly recipients: readonly Recipient[];
  readonly receivers: readonly Receiver[];
  readonly shops: readonly Shops[];
  /** Resolves when every notification has been taken. Each is posted until it is, as connectors do. */
  readonly sent: Promise<void>;
  /** Requests that the receivers had, repeated ones too. */
  requests(): number;
  /** Resolves when so many notifications have been taken, however far behind the deliveries are. */
  untilTaken(count: number): Promise<void>;
  /** Resolves when the receivers had so many requests. */
  untilRequests(count: number, deadlineMs?: number): Promise<void>;
  /** Resolves when everything acknowledged so far has been answered with a 2xx by its receiver, with how long that took. */
  untilReceived(deadlineMs?: number): Promise<number>;
}

const MERCHANTS = 3;

/** Subscribes the receivers, then begins to post and resolves at once. */
export async function startTraffic(world: World, plan: TrafficPlan): Promise<Traffic> {
  const { name, merchants = MERCHANTS, subscription = {}, mode = { kind: 'ok' } } = plan;
  const shops = await Promise.all(
    Array.from({ length: merchants }, (_, index) =>
      openShops(world, `m_${name}_${index}`, [`${name}-${index}`], subscription, mode),
    ),
  );
  const recipients = shops.flatMap((shop) => shop.recipients);
  const sender = openSender();
  const sent = atRate(plan.notifications, plan.perSecond, async (index) => {
    const { account } = shops[index % merchants] as Shops;
    const url = account.url.replace(world.stack.ingressUrl, plan.ingressUrl ?? world.stack.ingressUrl);
    await sender.postUntilTaken({ ...account, url }, stripePayment(`${name}${index}`, account.secret));
  });
  // A row that fails before it waits for this must not end the whole harness.
  sent.catch(() => undefined);
  const requests = () => recipients.reduce((sum, { receipts }) => sum + receipts.length, 0);
  return {
    acked: sender.acked,
    answers: sender.answers,
    durationsMs: sender.durationsMs,
    recipients,
    receivers: shops.flatMap((shop) => shop.receivers),
    shops,
    sent,
    requests,
    async untilTaken(count) {
      await eventually(() => sender.acked.length >= count, {
        what: `${count} taken`,
        deadlineMs: 60_000,
        intervalMs: 10,
      });
    },
    async untilRequests(count, deadlineMs = 60_000) {
      await eventually(() => requests() >= count, { what: `${count} requests`, deadlineMs, intervalMs: 10 });
    },
    async untilReceived(deadlineMs = 90_000) {
      const startedAt = performance.now();
      const wanted = sender.acked.length;
      await eventually(() => eventsAccepted(recipients) >= wanted, { what: `${wanted} events received`, deadlineMs });
      return performance.now() - startedAt;
    },
  };
}

function eventsAccepted(recipients: readonly Recipient[]): number {
  return recipients.reduce(
    (sum, { receipts }) =>
      sum + new Set(receipts.filter(({ answered }) => answered === 200).map(({ eventId }) => eventId)).size,
    0,
  );
}
