import type { ParsedNotification, RawNotification } from '../connector.ts';
import { outcomeOf } from '../mapping/outcome.ts';
import { readEvent } from '../payload/event.ts';
import { type Fields, fieldsOf, text } from '../payload/fields.ts';
import { timeOfText } from '../payload/time.ts';
import { type PayPalFact, payPalMapping } from './mapping.ts';
import { readPayPalObject } from './read-object.ts';

/** One notification is one event; its `id` (`WH-...`) is the same on every repeat, the transmission's is not. */
export function parsePayPal({ body, headers }: RawNotification): ParsedNotification {
  const reading = readEvent(body, { id: 'id', type: 'event_type' });
  if (!reading.ok) {
    return reading;
  }
  const { event: source, id: key, type: connectorType } = reading;
  const resource = fieldsOf(source.resource);
  const row = payPalMapping.find(connectorType, factOf(resource));
  const occurredAt = timeOfText(source.create_time) ?? timeOfText(headers['paypal-transmission-time']?.[0]);
  const outcome = outcomeOf(row, occurredAt, (event) => ({ object: readPayPalObject(resource, event), source }));
  return { ok: true, items: [{ key, connectorType, ...outcome }] };
}

function factOf(resource: Fields): PayPalFact {
  return {
    status: (text(resource.status) ?? text(resource.state))?.toUpperCase() ?? null,
    outcome: text(fieldsOf(resource.dispute_outcome).outcome_code),
  };
}
