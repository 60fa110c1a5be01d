import type { NotificationItem, ParsedNotification, RawNotification } from '../connector.ts';
import { raise } from '../mapping/raise.ts';
import { type Fields, fieldsOf, reference, text } from '../payload/fields.ts';
import { readJson } from '../payload/json.ts';
import { timeOfUtcText } from '../payload/time.ts';
import type { WorldpaySettings } from './credentials.ts';
import { worldpayMapping } from './mapping.ts';
import { readWorldpayObject } from './read-object.ts';

/** One notification is one event; its `eventId` is the same on every repeat. */
export function parseWorldpay(notification: RawNotification, settings: WorldpaySettings): ParsedNotification {
  const json = readJson(notification.body);
  if (!json.ok) {
    return json;
  }
  const content = fieldsOf(json.value);
  const key = reference(content.eventId);
  const connectorType = typeOf(content);
  if (key === null || connectorType === null) {
    return { ok: false, detail: 'the event has no eventId or no type' };
  }
  return { ok: true, items: [{ key, connectorType, ...outcomeOf(content, connectorType, settings) }] };
}

/** Classification and type; newer events have their type outside of the details. */
function typeOf({ eventDetails, eventType }: Fields): string | null {
  const { classification, type } = fieldsOf(eventDetails);
  const names = [text(classification), text(type) ?? text(eventType)];
  return names[1] === null ? null : reference(names.filter((name) => name !== null).join('.'));
}

function outcomeOf(
  content: Fields,
  type: string,
  settings: WorldpaySettings,
): Pick<NotificationItem, 'event' | 'reason'> {
  const row = worldpayMapping.find(type, { settings });
  if (row === null || row.event === null) {
    return { event: null, reason: 'unmapped' };
  }
  const occurredAt = timeOfUtcText(content.eventTimestamp);
  if (occurredAt === null) {
    return { event: null, reason: 'unsupported' };
  }
  const object = readWorldpayObject(fieldsOf(content.eventDetails), row.event);
  return { event: raise(row, { occurredAt, object, source: content }), reason: null };
}
