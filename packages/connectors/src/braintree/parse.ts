import { createHash } from 'node:crypto';
import type { NotificationItem, ParsedNotification, RawNotification } from '../connector.ts';
import { raise } from '../mapping/raise.ts';
import { type Fields, fieldsOf, reference, text } from '../payload/fields.ts';
import { timeOfText } from '../payload/time.ts';
import { textOfUtf8 } from '../payload/utf8.ts';
import { readXml } from '../payload/xml.ts';
import { braintreeMapping } from './mapping.ts';
import { readBraintreeObject } from './read-object.ts';
import { readSignedForm } from './signed-form.ts';

/** Braintree sends no id of the notification: the digest of what was signed stands for it. */
export function parseBraintree(notification: RawNotification): ParsedNotification {
  const reading = readSignedForm(notification.body);
  if (!reading.ok) {
    return { ok: false, detail: 'the body is not a signed form' };
  }
  const { payload } = reading.form;
  const source = textOfUtf8(Buffer.from(payload, 'base64'));
  const xml = source === null ? null : readXml(source);
  if (xml === null || !xml.ok || xml.name !== 'notification') {
    return { ok: false, detail: 'the payload is not a notification in XML' };
  }
  const content = fieldsOf(xml.value);
  const connectorType = reference(content.kind);
  if (connectorType === null) {
    return { ok: false, detail: 'the notification has no kind' };
  }
  return { ok: true, items: [{ key: keyOf(payload), connectorType, ...outcomeOf(content, connectorType) }] };
}

/** Without the newline at the end, which a form may have lost and which the check supplies. */
function keyOf(payload: string): string {
  return createHash('sha256').update(payload.replace(/\n$/, '')).digest('hex');
}

function outcomeOf(content: Fields, kind: string): Pick<NotificationItem, 'event' | 'reason'> {
  const subject = fieldsOf(content.subject);
  const row = braintreeMapping.find(kind, { transactionType: text(fieldsOf(subject.transaction).type) });
  if (row === null || row.event === null) {
    return { event: null, reason: 'unmapped' };
  }
  const occurredAt = timeOfText(content.timestamp);
  if (occurredAt === null) {
    return { event: null, reason: 'unsupported' };
  }
  const object = readBraintreeObject(subject, row.event);
  return { event: raise(row, { occurredAt, object, source: content }), reason: null };
}
