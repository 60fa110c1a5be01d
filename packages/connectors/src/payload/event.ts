import { type Fields, isFields, reference } from './fields.ts';
import { readJson } from './json.ts';

export type EventReading = { ok: true; event: Fields; id: string; type: string } | { ok: false; detail: string };

/** Reads a notification that is one event with an id and a type, under the names that the vendor gives them. */
export function readEvent(body: Buffer, names: { id: string; type: string }): EventReading {
  const json = readJson(body);
  if (!json.ok) {
    return json;
  }
  if (!isFields(json.value)) {
    return { ok: false, detail: 'the body is not an event' };
  }
  const id = reference(json.value[names.id]);
  const type = reference(json.value[names.type]);
  return id === null || type === null
    ? { ok: false, detail: 'the event has no id or no type' }
    : { ok: true, event: json.value, id, type };
}
