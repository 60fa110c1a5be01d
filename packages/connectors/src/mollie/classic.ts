import type { NotificationItem } from '../connector.ts';
import type { Fields } from '../payload/fields.ts';
import { factsOfOrder, factsOfPayment, factsOfSubscription, type MollieFact } from './facts.ts';

interface ClassicThing {
  name: string;
  /** What is true of it once it was looked up. */
  factsOf(object: Fields, receivedAt?: Date): MollieFact[];
}

/** What classic webhooks are about, by the first letters of its id. */
const THINGS: ReadonlyMap<string, ClassicThing> = new Map([
  ['tr', { name: 'payment', factsOf: (payment) => factsOfPayment(payment) }],
  ['ord', { name: 'order', factsOf: factsOfOrder }],
  ['sub', { name: 'subscription', factsOf: factsOfSubscription }],
]);

export function classicThingOf(id: string): ClassicThing | undefined {
  return THINGS.get(prefixOf(id));
}

/** What a classic webhook says by itself: something is new about this thing. */
export function classicItem(id: string): NotificationItem {
  const thing = classicThingOf(id);
  return thing === undefined
    ? { key: id, connectorType: prefixOf(id), event: null, reason: 'unmapped' }
    : { key: id, connectorType: thing.name, event: null, reason: 'unresolved' };
}

function prefixOf(id: string): string {
  return id.slice(0, id.indexOf('_'));
}
