import type { NotificationItem } from '../connector.ts';
import { outcomeOf } from '../mapping/outcome.ts';
import { type Fields, fieldsOf, isFields, reference } from '../payload/fields.ts';
import { timeOfText } from '../payload/time.ts';
import { mollieMapping } from './mapping.ts';
import { readMollieObject } from './read-object.ts';

/** One fact, under the name that Mollie's event of it has. */
export interface MollieFact {
  key: string;
  type: string;
  /** As Mollie wrote it, or when we were told. */
  occurredAt: unknown;
  entity: Fields;
  /** What it belongs to and is at hand, the nearest first: a refund's payment, its order. */
  parents: readonly Fields[];
  /** The event that tells it; the entity where nothing else does. */
  source?: Fields;
}

export function itemOf(fact: MollieFact): NotificationItem {
  const { key, type, entity, parents, source = entity } = fact;
  const occurredAt = fact.occurredAt instanceof Date ? fact.occurredAt : timeOfText(fact.occurredAt);
  const outcome = outcomeOf(mollieMapping.find(type, null), occurredAt, (event) => ({
    object: readMollieObject(type, event, entity, parents),
    source,
  }));
  return { key, connectorType: type, ...outcome };
}

/** When a payment came into its status. Of the others Mollie only tells when it was made. */
const TIME_OF_STATUS: ReadonlyMap<string, string> = new Map([
  ['paid', 'paidAt'],
  ['authorized', 'authorizedAt'],
  ['canceled', 'canceledAt'],
  ['expired', 'expiredAt'],
  ['failed', 'failedAt'],
]);

/**
 * What is true of a payment: its status, and each of its refunds and chargebacks. All of it every time, so that nothing is
 * missed when a notification was; the keys tell what was said before.
 */
export function factsOfPayment(payment: Fields, ...parents: readonly Fields[]): MollieFact[] {
  const status = reference(payment.status) ?? 'unknown';
  const embedded = fieldsOf(payment._embedded);
  const occurredAt = payment[TIME_OF_STATUS.get(status) ?? 'createdAt'] ?? payment.createdAt;
  const lineage = [payment, ...parents];
  return [
    { key: `${idOf(payment)}:${status}`, type: `payment.${status}`, occurredAt, entity: payment, parents },
    ...listOf(embedded.refunds).map((refund) => factOfRefund(refund, lineage)),
    ...listOf(embedded.chargebacks).flatMap((chargeback) => factsOfChargeback(chargeback, lineage)),
  ];
}

/** An order is as far as its payments are. */
export function factsOfOrder(order: Fields): MollieFact[] {
  const embedded = fieldsOf(order._embedded);
  return [
    ...listOf(embedded.payments).flatMap((payment) => factsOfPayment(payment, order)),
    ...listOf(embedded.refunds).map((refund) => factOfRefund(refund, [order])),
  ];
}

/** Mollie tells no time of a change but the last one, so a status that comes back is not told again. */
export function factsOfSubscription(subscription: Fields, receivedAt?: Date): MollieFact[] {
  const status = reference(subscription.status);
  const occurredAt = subscription.canceledAt ?? receivedAt ?? subscription.createdAt;
  const type = status === null ? 'subscription' : `subscription.${status}`;
  return [{ key: `${idOf(subscription)}:${status}`, type, occurredAt, entity: subscription, parents: [] }];
}

function factOfRefund(refund: Fields, parents: readonly Fields[]): MollieFact {
  const status = reference(refund.status) ?? 'unknown';
  const key = `${idOf(refund)}:${status}`;
  return { key, type: `refund.${status}`, occurredAt: refund.createdAt, entity: refund, parents };
}

function factsOfChargeback(chargeback: Fields, parents: readonly Fields[]): MollieFact[] {
  const fact = (change: string, occurredAt: unknown): MollieFact => {
    const key = `${idOf(chargeback)}:${change}`;
    return { key, type: `chargeback.${change}`, occurredAt, entity: chargeback, parents };
  };
  const received = fact('received', chargeback.createdAt);
  return chargeback.reversedAt ? [received, fact('reversed', chargeback.reversedAt)] : [received];
}

function idOf(thing: Fields): string {
  return reference(thing.id) ?? '';
}

/** What has no id could not be told from other things of its kind. */
function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields).filter((thing) => idOf(thing) !== '') : [];
}
