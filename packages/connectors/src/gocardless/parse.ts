import { createHash } from 'node:crypto';
import type { NotificationItem, ParsedNotification, RawNotification } from '../connector.ts';
import { outcomeOf } from '../mapping/outcome.ts';
import { type Fields, fieldsOf, reference } from '../payload/fields.ts';
import { readJson } from '../payload/json.ts';
import { timeOfText } from '../payload/time.ts';
import { goCardlessMapping } from './mapping.ts';
import { readGoCardlessObject } from './read-object.ts';

/** A notification holds up to 250 events, each with an id of its own; a failed one is sent again as a whole. */
export function parseGoCardless(notification: RawNotification): ParsedNotification {
  const json = readJson(notification.body);
  if (!json.ok) {
    return json;
  }
  const { events } = fieldsOf(json.value);
  if (!Array.isArray(events)) {
    return { ok: false, detail: 'the body has no list of events' };
  }
  return { ok: true, items: events.map((event, index) => itemOf(fieldsOf(event), index, notification.body)) };
}

function itemOf(event: Fields, index: number, body: Buffer): NotificationItem {
  const id = reference(event.id);
  const resource = reference(event.resource_type);
  const action = reference(event.action);
  if (id === null || resource === null || action === null) {
    return { key: `${digestOf(body)}:${index}`, connectorType: 'unknown', event: null, reason: 'unsupported' };
  }
  const connectorType = `${resource}.${action}`;
  const row = goCardlessMapping.find(connectorType, null);
  const outcome = outcomeOf(row, timeOfText(event.created_at), (eventType) => ({
    object: readGoCardlessObject(event, resource, action, eventType),
    source: event,
  }));
  return { key: id, connectorType, ...outcome };
}

function digestOf(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}
