import type { EventObject } from '@owngateway/domain';
import type { NotificationItem } from '../connector.ts';
import { outcomeOf } from '../mapping/outcome.ts';
import { type Fields, isFields, reference } from '../payload/fields.ts';
import { timeOfText } from '../payload/time.ts';
import { type MercadoPagoState, mercadoPagoMapping } from './mapping.ts';

/** One fact of a fetched thing. */
export interface MercadoPagoFact {
  key: string;
  /** Its kind and status, as in the mapping. */
  type: string;
  state: MercadoPagoState;
  occurredAt: Date | null;
  object: Partial<EventObject>;
}

/** @param source what was fetched, as it was written */
export function itemOf({ key, type, state, occurredAt, object }: MercadoPagoFact, source: Fields): NotificationItem {
  const outcome = outcomeOf(mercadoPagoMapping.find(type, state), occurredAt, () => ({ object, source }));
  return { key, connectorType: type, ...outcome };
}

/** A kind with its status; without one it is in no row. */
export function typeOf(kind: string, status: unknown): string {
  const known = reference(status);
  return known === null ? kind : `${kind}.${known}`;
}

/** The first of these that is a moment. */
export function firstTimeOf(...values: readonly unknown[]): Date | null {
  return values.map(timeOfText).find((time) => time !== null) ?? null;
}

/** The things of a list that have an id: others could not be told apart. */
export function identifiedIn(list: unknown): Fields[] {
  return Array.isArray(list) ? list.filter(isFields).filter(({ id }) => reference(id) !== null) : [];
}
