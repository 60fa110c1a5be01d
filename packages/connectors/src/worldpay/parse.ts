import type { ParsedNotification, RawNotification } from '../connector.ts';
import { outcomeOf } from '../mapping/outcome.ts';
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
  const row = worldpayMapping.find(connectorType, { settings });
  const outcome = outcomeOf(row, timeOfUtcText(content.eventTimestamp), (event) => ({
    object: readWorldpayObject(fieldsOf(content.eventDetails), event),
    source: content,
  }));
  return { ok: true, items: [{ key, connectorType, ...outcome }] };
}

/** Classification and type; newer events have their type outside of the details. */
function typeOf({ eventDetails, eventType }: Fields): string | null {
  const { classification, type } = fieldsOf(eventDetails);
  const names = [text(classification), text(type) ?? text(eventType)];
  return names[1] === null ? null : reference(names.filter((name) => name !== null).join('.'));
}
