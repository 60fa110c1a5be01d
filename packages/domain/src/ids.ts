import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

/** Prefixes of every id the product hands out. An id is `<prefix>_<32 hex digits>`. */
export type IdPrefix = 'evt' | 'sub' | 'dlv' | 'att' | 'ntf' | 'acct' | 'tok' | 'aud' | 'txn' | 'rpl';

/** Makes ids. Passed in wherever ids are made, so that tests are repeatable. */
export type IdSource = (prefix: IdPrefix) => string;

/** A new time-ordered id (UUIDv7 without dashes): newer ids sort after older ones. */
export const newId: IdSource = (prefix) => `${prefix}_${uuidv7().replaceAll('-', '')}`;

/**
 * The id of the delivery of one event to one recipient: always the same for the same pair, so that writing it twice is
 * writing it once (architecture, "The life of an event"). It begins with the event's time, so deliveries sort by the
 * age of their event and new ones go to the end of every index.
 *
 * @param recipientId id of a subscription or of a transaction
 */
export function deliveryIdOf(eventId: string, recipientId: string): string {
  const digest = createHash('sha256').update(`${eventId}\n${recipientId}`).digest('hex');
  return `dlv_${eventTimePart(eventId)}${digest.slice(0, 20)}`;
}

/** The half-open range `[from, to)` of delivery ids in which every delivery of this event lies. */
export function deliveryIdRangeOf(eventId: string): { from: string; to: string } {
  const part = eventTimePart(eventId);
  return { from: `dlv_${part}`, to: `dlv_${part}g` };
}

/** When an id that `newId` made was made, to the millisecond. */
export function timeOfId(id: string): Date {
  return new Date(Number.parseInt(id.slice(id.indexOf('_') + 1).slice(0, 12), 16));
}

/** The first 48 bits of a UUIDv7 are its milliseconds since 1970 (RFC 9562, 5.7). */
function eventTimePart(eventId: string): string {
  return eventId.slice(4, 16);
}
