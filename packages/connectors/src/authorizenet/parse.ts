import type { NotificationItem, ParsedNotification, RawNotification } from '../connector.ts';
import { raise } from '../mapping/raise.ts';
import { type Fields, fieldsOf, reference, text } from '../payload/fields.ts';
import { readJson, readJsonNumbersAsWritten } from '../payload/json.ts';
import { timeOfText } from '../payload/time.ts';
import type { AuthorizeNetSettings } from './credentials.ts';
import { authorizeNetMapping } from './mapping.ts';
import { readAuthorizeNetObject } from './read-object.ts';

/** One notification is one event; its `notificationId` is the same on every repeat. */
export function parseAuthorizeNet(notification: RawNotification, settings: AuthorizeNetSettings): ParsedNotification {
  const json = readJson(notification.body);
  const written = readJsonNumbersAsWritten(notification.body);
  if (!json.ok || !written.ok) {
    return json.ok ? { ok: false, detail: 'the body is nested too deeply' } : json;
  }
  const content = fieldsOf(written.value);
  const key = reference(content.notificationId);
  const connectorType = reference(content.eventType);
  if (key === null || connectorType === null) {
    return { ok: false, detail: 'the notification has no notificationId or no eventType' };
  }
  return { ok: true, items: [{ key, connectorType, ...outcomeOf(content, connectorType, settings, json.value) }] };
}

function outcomeOf(
  content: Fields,
  type: string,
  { currency }: AuthorizeNetSettings,
  source: unknown,
): Pick<NotificationItem, 'event' | 'reason'> {
  const payload = fieldsOf(content.payload);
  const row = authorizeNetMapping.find(type, { responseCode: text(payload.responseCode) });
  if (row === null || row.event === null) {
    return { event: null, reason: 'unmapped' };
  }
  const occurredAt = timeOfText(content.eventDate);
  return occurredAt === null
    ? { event: null, reason: 'unsupported' }
    : {
        event: raise(row, { occurredAt, object: readAuthorizeNetObject(payload, row.event, currency), source }),
        reason: null,
      };
}
