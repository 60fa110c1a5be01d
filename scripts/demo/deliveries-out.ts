import { eventually } from '../../tests/parties/eventually.ts';
import type { Receipt } from '../../tests/parties/receiver.ts';
import type { DeliveryBody, DeliveryStatus, DeliveryWithAttemptsBody } from '../../tests/parties/records.ts';
import type { Cast, Subscriber } from './cast.ts';
import type { Narrator } from './narrator.ts';

/** Waits until all of a subscriber's deliveries are in one state. */
async function awaitAll(
  { merchant }: Cast,
  { receiver, subscriptionId }: Subscriber,
  status: DeliveryStatus,
  count: number,
): Promise<DeliveryBody[]> {
  return eventually(
    async () => {
      const query = { subscription_id: subscriptionId };
      const deliveries = await merchant.api.list<DeliveryBody>('/v1/deliveries', query);
      return deliveries.length === count && deliveries.every((delivery) => delivery.status === status) && deliveries;
    },
    { what: `${count} deliveries to ${receiver.name} ${status}`, deadlineMs: 25_000 },
  );
}

function showAttempts(narrator: Narrator, { attempts }: DeliveryWithAttemptsBody, receipts: readonly Receipt[]): void {
  for (const { number, trigger, http_status, next_attempt_at } of attempts) {
    const receipt = receipts.find(({ attempt }) => attempt === number);
    const verified = receipt?.signatures.standardWebhooks && receipt.signatures.stripe;
    const next = next_attempt_at === null ? '' : `, next at ${next_attempt_at.slice(11, 23)}`;
    narrator.show(
      `  attempt ${number} (${trigger}): answered ${http_status}${next}; signature ${verified ? 'verified' : 'WRONG'}`,
    );
  }
}

async function showOne(cast: Cast, { receiver }: Subscriber, deliveries: DeliveryBody[], narrator: Narrator) {
  const [first] = deliveries;
  if (first === undefined) return;
  const delivery = await cast.merchant.api.get<DeliveryWithAttemptsBody>(`/v1/deliveries/${first.id}`);
  narrator.show(`${delivery.id}: ${delivery.event_type} ${delivery.event_id}`);
  showAttempts(narrator, delivery, receiver.of(delivery.event_id));
}

/** What became of the events at each of the three servers. */
export async function watchDeliveries(cast: Cast, events: number, narrator: Narrator): Promise<void> {
  const { shop, shaky, broken } = cast.subscribers;
  const atShop = await awaitAll(cast, shop, 'delivered', events);
  narrator.say(`shop has all ${events}. The newest, with every header that proves where it comes from:`);
  await showOne(cast, shop, atShop, narrator);
  const [sample] = atShop.flatMap(({ event_id }) => shop.receiver.of(event_id));
  narrator.show(`  webhook-id ${sample?.eventId}`);
  narrator.show(`  X-Signature ${sample?.headers['x-signature']?.slice(0, 42)}...  (verified by the package "stripe")`);
  narrator.show(
    `  webhook-signature ${sample?.headers['webhook-signature']?.slice(0, 24)}...  (by "standardwebhooks")`,
  );
  narrator.check(shop.receiver.receipts.length === events, `shop got ${events} requests for ${events} events`);

  const atShaky = await awaitAll(cast, shaky, 'delivered', events);
  narrator.say('shaky refused each event twice, and has all of them now:');
  await showOne(cast, shaky, atShaky, narrator);
  narrator.check(
    atShaky.every(({ attempts_made }) => attempts_made === 3),
    'every one arrived at its third attempt',
  );

  const dead = await awaitAll(cast, broken, 'failed', events);
  narrator.say('broken refused everything, until the gateway gave up:');
  await showOne(cast, broken, dead, narrator);
  narrator.check(
    dead.every(({ dead_letter }) => dead_letter?.reason === 'retries_exhausted'),
    `${events} dead letters, visible to the merchant: GET /v1/deliveries?status=failed`,
  );
}

/** The broken server is mended, and what it missed comes after all. */
export async function replayDeadLetters(cast: Cast, events: number, narrator: Narrator): Promise<void> {
  const { broken } = cast.subscribers;
  broken.receiver.mode = { kind: 'ok' };
  const query = { subscription_id: broken.subscriptionId, status: 'failed' };
  const dead = await cast.merchant.api.list<DeliveryBody>('/v1/deliveries', query);
  narrator.say(`Its owner has mended it and asks for the ${dead.length} again: POST /v1/deliveries/{id}/replay`);
  for (const { id } of dead) await cast.merchant.api.post(`/v1/deliveries/${id}/replay`);
  const replayed = await awaitAll(cast, broken, 'delivered', events);
  await showOne(cast, broken, replayed, narrator);
  narrator.check(
    replayed.every(({ dead_letter }) => dead_letter === null),
    'all of them are delivered, and no dead letter is left',
  );
}
