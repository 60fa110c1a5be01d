import type { NotificationItem, ParsedNotification, RawNotification } from '../connector.ts';
import { type Fields, fieldsOf } from '../payload/fields.ts';
import { classicItem } from './classic.ts';
import { itemOf } from './facts.ts';
import { mollieMapping } from './mapping.ts';
import { type MollieEvent, readMollieNotification } from './notification.ts';

/** One fact each: a classic webhook names a thing that is to be looked up, an event mostly brings it along. */
export function parseMollie({ body }: RawNotification): ParsedNotification {
  const reading = readMollieNotification(body);
  if (!reading.ok) {
    return reading;
  }
  const { notification } = reading;
  return {
    ok: true,
    items: [notification.kind === 'classic' ? classicItem(notification.id) : eventItem(notification)],
  };
}

function eventItem(event: MollieEvent): NotificationItem {
  const raises = (mollieMapping.find(event.type, null)?.event ?? null) !== null;
  return event.entity === null && raises
    ? { key: event.id, connectorType: event.type, event: null, reason: 'unresolved' }
    : itemOfEvent(event, event.entity ?? {}, event.source);
}

/**
 * The fact of an event.
 *
 * @param entity what is known of its entity
 * @param source where that is from
 */
export function itemOfEvent(event: MollieEvent, entity: Fields, source: Fields): NotificationItem {
  const { id: key, type, createdAt: occurredAt } = event;
  return itemOf({ key, type, occurredAt, entity, parents: [fieldsOf(fieldsOf(entity._embedded).payment)], source });
}
