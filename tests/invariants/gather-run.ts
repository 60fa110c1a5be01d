import type { Api } from '../parties/api.ts';
import { eventually } from '../parties/eventually.ts';
import { type Fact, factKey, factKeysOf } from '../parties/fact.ts';
import type { DeliveryBody, EventBody } from '../parties/records.ts';
import type { Recipient, RunRecord } from './check-invariants.ts';

export interface RunToGather {
  /** The API with the operator's token. */
  operator: Api;
  acked: readonly Fact[];
  recipients: readonly Recipient[];
  /** How long the gateway may take until nothing is open any more. */
  deadlineMs: number;
}

const ENDED = new Set<DeliveryBody['status']>(['delivered', 'failed', 'cancelled']);
const hasEnded = ({ status }: DeliveryBody): boolean => ENDED.has(status);

/**
 * Waits until the gateway is at rest (every acknowledged fact's event has an ended delivery for every recipient) or the
 * deadline has passed, and returns what there is then: the checker says what is missing.
 */
export async function gatherRun({ operator, acked, recipients, deadlineMs }: RunToGather): Promise<RunRecord> {
  const merchants = [...new Set(acked.map(({ merchantId }) => merchantId))];
  const expected = recipients.reduce(
    (sum, { merchantIds }) =>
      sum + new Set(acked.filter((fact) => merchantIds.includes(fact.merchantId)).map(factKey)).size,
    0,
  );
  const perMerchant = async <Item>(path: string): Promise<Item[]> =>
    (await Promise.all(merchants.map((merchant_id) => operator.list<Item>(path, { merchant_id })))).flat();

  const received = (): number =>
    recipients.reduce((sum, { receipts }) => sum + new Set(receipts.map(({ eventId }) => eventId)).size, 0);
  const readDeliveries = async (): Promise<DeliveryBody[]> => {
    const subscriptions = new Set(recipients.map(({ subscriptionId }) => subscriptionId));
    const deliveries = await perMerchant<DeliveryBody>('/v1/deliveries');
    return deliveries.filter(({ subscription_id }) => subscription_id !== null && subscriptions.has(subscription_id));
  };

  const readEvents = () => perMerchant<EventBody>('/v1/events');

  const atRest = async (): Promise<DeliveryBody[] | false> => {
    // The receivers know it first, and asking them costs nothing.
    if (received() < expected) return false;
    const deliveries = await readDeliveries();
    if (deliveries.length < expected || !deliveries.every(hasEnded)) return false;
    // They may have been sent events that were stored and never acknowledged, so numbers alone don't tell.
    const eventIds = new Map((await readEvents()).flatMap((event) => factKeysOf(event).map((key) => [key, event.id])));
    const ended = new Set(deliveries.map(({ event_id, subscription_id }) => `${event_id} ${subscription_id}`));
    const isEverywhere = (fact: Fact): boolean =>
      recipients
        .filter(({ merchantIds }) => merchantIds.includes(fact.merchantId))
        .every(({ subscriptionId }) => ended.has(`${eventIds.get(factKey(fact))} ${subscriptionId}`));
    return acked.every(isEverywhere) && deliveries;
  };
  const deliveries = await eventually(atRest, { what: 'rest', deadlineMs, intervalMs: 250 }).catch(readDeliveries);
  return { acked, recipients, deliveries, events: await readEvents() };
}
