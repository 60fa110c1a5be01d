import { createHash } from 'node:crypto';
import type { NotificationItem, ParsedNotification, RawNotification } from '../connector.ts';
import { raise } from '../mapping/raise.ts';
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
  const item = { key: id, connectorType: `${resource}.${action}` };
  const row = goCardlessMapping.find(item.connectorType, null);
  if (row === null || row.event === null) {
    return { ...item, event: null, reason: 'unmapped' };
  }
  const occurredAt = timeOfText(event.created_at);
  if (occurredAt === null) {
    return { ...item, event: null, reason: 'unsupported' };
  }
  const object = readGoCardlessObject(event, resource, action, row.event);
  return { ...item, event: raise(row, { occurredAt, object, source: event }), reason: null };
}

function digestOf(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}
