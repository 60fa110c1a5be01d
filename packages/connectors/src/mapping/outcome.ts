import { EVENT_TYPES, type EventObject, type EventType, type NormalisedEvent } from '@owngateway/domain';
import type { NotificationItem } from '../connector.ts';
import type { MappingRow, RaisingRow } from './mapping-table.ts';

/** What a connector read of the thing an event speaks of; what it does not know is left out. */
interface Reading {
  occurredAt: Date;
  object: Partial<EventObject>;
  previous?: Record<string, unknown> | null;
  /** The vendor's own object, as `NormalisedEvent` has it: to be given by every connector. */
  source?: unknown;
}

/**
 * What becomes of a fact: nothing where no row speaks of it or a silent one does, and nothing either when it is not known when it
 * happened.
 *
 * @param read what is known of the thing that the event speaks of; asked for only when there is an event
 */
export function outcomeOf<Fact>(
  row: MappingRow<Fact> | null,
  occurredAt: Date | null,
  read: (event: EventType) => Omit<Reading, 'occurredAt'>,
): Pick<NotificationItem, 'event' | 'reason'> {
  if (row === null || row.event === null) {
    return { event: null, reason: 'unmapped' };
  }
  return occurredAt === null
    ? { event: null, reason: 'unsupported' }
    : { event: raise(row, { occurredAt, ...read(row.event) }), reason: null };
}

/** The event of a row. A row's own detail goes before the one that was read; the status follows from the event type. */
function raise<Fact>(row: RaisingRow<Fact>, { occurredAt, object, previous, source }: Reading): NormalisedEvent {
  return {
    type: row.event,
    origin: row.origin,
    occurredAt,
    objectType: row.objectType ?? EVENT_TYPES[row.event].objectType,
    object: {
      connector_reference: object.connector_reference ?? null,
      payment_reference: object.payment_reference ?? null,
      merchant_reference: object.merchant_reference ?? null,
      amount_minor: object.amount_minor ?? null,
      currency: object.currency ?? null,
      status: object.status ?? statusOf(row.event),
      detail: row.detail ?? object.detail ?? null,
      customer: object.customer ?? null,
      metadata: object.metadata ?? {},
    },
    previous: previous ?? null,
    source,
  };
}

/** `payment_succeeded` says that the payment is `succeeded`; three names are not built that way. */
function statusOf(type: EventType): string {
  switch (type) {
    case 'action_required':
      return 'requires_action';
    case 'chargeback':
      return 'charged_back';
    case 'subscription_status_changed':
      return 'changed';
    default:
      return type.slice(type.indexOf('_') + 1);
  }
}
