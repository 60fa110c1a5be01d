import { createHash } from 'node:crypto';
import type { ParsedNotification, RawNotification } from '../connector.ts';
import { outcomeOf } from '../mapping/outcome.ts';
import { fieldsOf, reference, text } from '../payload/fields.ts';
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
  const subject = fieldsOf(content.subject);
  const row = braintreeMapping.find(connectorType, { transactionType: text(fieldsOf(subject.transaction).type) });
  const outcome = outcomeOf(row, timeOfText(content.timestamp), (event) => ({
    object: readBraintreeObject(subject, event),
    source: content,
  }));
  return { ok: true, items: [{ key: keyOf(payload), connectorType, ...outcome }] };
}

/** Without the newline at the end, which a form may have lost and which the check supplies. */
function keyOf(payload: string): string {
  return createHash('sha256').update(payload.replace(/\n$/, '')).digest('hex');
}
