import type { RawNotification } from '../connector.ts';
import { fieldsOf, reference } from '../payload/fields.ts';
import { readForm } from '../payload/form.ts';
import { readJson } from '../payload/json.ts';
import { type Topic, topics } from './topics.ts';

/** What a notification is about. Only the id is signed: whoever changes the topic has us ask for a thing that is not there. */
export interface MercadoPagoNotification {
  name: string;
  /** Null for topics of which nothing is fetched. */
  topic: Topic | null;
  /** Empty unless it has the shape that the topic's ids have. */
  id: string;
}

export type MercadoPagoReading = { ok: true; notification: MercadoPagoNotification } | { ok: false; detail: string };

export function readMercadoPagoNotification({ body, query }: RawNotification): MercadoPagoReading {
  const json = readJson(body);
  if (!json.ok) {
    return json;
  }
  const parameters = readForm(Buffer.from(query));
  const name = reference(fieldsOf(json.value).type) ?? reference(parameters?.get('type')?.[0]);
  if (name === null) {
    return { ok: false, detail: 'the notification has no type' };
  }
  const topic = topics.get(name) ?? null;
  const [id = ''] = parameters?.get('data.id') ?? [];
  return { ok: true, notification: { name, topic, id: topic?.id.test(id) ? id : '' } };
}
