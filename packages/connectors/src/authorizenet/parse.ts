import type { ParsedNotification, RawNotification } from '../connector.ts';
import { outcomeOf } from '../mapping/outcome.ts';
import { fieldsOf, reference, text } from '../payload/fields.ts';
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
  const payload = fieldsOf(content.payload);
  const row = authorizeNetMapping.find(connectorType, { responseCode: text(payload.responseCode) });
  const outcome = outcomeOf(row, timeOfText(content.eventDate), (event) => ({
    object: readAuthorizeNetObject(payload, event, settings.currency),
    source: json.value,
  }));
  return { ok: true, items: [{ key, connectorType, ...outcome }] };
}
