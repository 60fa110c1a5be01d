import { type Fields, fieldsOf, isFields, reference } from '../payload/fields.ts';
import { readForm } from '../payload/form.ts';
import { readJson } from '../payload/json.ts';

/** A next-generation webhook. */
export interface MollieEvent {
  kind: 'event';
  id: string;
  type: string;
  entityId: string | null;
  /** As Mollie wrote it. */
  createdAt: unknown;
  /** Null when the webhook was set up to send ids only, which Mollie calls a simple payload. */
  entity: Fields | null;
  /** All of it, as it was sent. */
  source: Fields;
}

/** What Mollie posts. A classic webhook says that something is new about this thing, and proves nothing. */
export type MollieNotification = { kind: 'classic'; id: string } | MollieEvent;

export type MollieReading = { ok: true; notification: MollieNotification } | { ok: false; detail: string };

/** Shaped like every id of Mollie's. Nothing else ever becomes part of a URL. */
export const MOLLIE_ID = /^[a-z]{2,16}_[A-Za-z0-9]{4,64}$/;

/** The two kinds have nothing in common: a form with an id, or an event as JSON. */
export function readMollieNotification(body: Buffer): MollieReading {
  const id = readClassicId(body);
  if (id !== null) {
    return { ok: true, notification: { kind: 'classic', id } };
  }
  const json = readJson(body);
  return json.ok ? readEvent(json.value) : json;
}

/** The id that a classic webhook names; null for every other body. */
export function readClassicId(body: Buffer): string | null {
  const fields = readForm(body);
  const [id = '', ...more] = fields?.get('id') ?? [];
  return more.length === 0 && MOLLIE_ID.test(id) ? id : null;
}

function readEvent(value: unknown): MollieReading {
  const event = fieldsOf(value);
  const id = reference(event.id);
  const type = reference(event.type);
  if (id === null || type === null) {
    return { ok: false, detail: 'the event has no id or no type' };
  }
  const { entity } = fieldsOf(event._embedded);
  const entityId = reference(event.entityId);
  const { createdAt } = event;
  return {
    ok: true,
    notification: {
      kind: 'event',
      id,
      type,
      entityId,
      createdAt,
      entity: isFields(entity) ? entity : null,
      source: event,
    },
  };
}
