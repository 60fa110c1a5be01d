import { buildEnvelope, type EventEnvelope, type NormalisedEvent, serialiseEnvelope } from '@owngateway/domain';
import type { QueueProducer } from '@owngateway/queue';
import type {
  AnnouncementDue,
  AuditRecord,
  AuditRepository,
  EventRecord,
  EventRepository,
  SubscriptionRepository,
} from '@owngateway/store';

/** In one sweep. */
const BATCH = 100;

export interface AnnouncerTools {
  subscriptions: Pick<SubscriptionRepository, 'findAnnouncementsDue' | 'noteAnnounced'>;
  events: Pick<EventRepository, 'insertMany'>;
  audit: Pick<AuditRepository, 'append'>;
  producer: Pick<QueueProducer, 'addEvents'>;
  environment: EventEnvelope['environment'];
  now: () => Date;
  onTrouble: (what: 'enqueue', error: unknown) => void;
}

/**
 * Writes down that the gateway disabled a subscription, and raises `endpoint_disabled`. What it says was written together with the disabling, the id of the event included, so it is
 * raised exactly once however often this is tried, and a crash at any point leaves the sweeper with something to find.
 */
export interface Announcer {
  announce(due: AnnouncementDue): Promise<void>;
  /** Announces what a crash left. Returns how many. */
  sweep(): Promise<number>;
}

export function createAnnouncer(tools: AnnouncerTools): Announcer {
  async function announce(due: AnnouncementDue): Promise<void> {
    const { event_id: eventId } = due.announcement;
    await tools.events.insertMany([{ ...eventOf(due), awaiting_fan_out_since: tools.now() }]);
    await tools.audit.append(auditRecordOf(due));
    await tools.subscriptions.noteAnnounced(due._id, eventId);
    // Lost with Redis, the event is found by the sweep of events.
    await tools.producer.addEvents([eventId]).catch((error: unknown) => tools.onTrouble('enqueue', error));
  }

  function eventOf({ _id, owner, owner_key, announcement }: AnnouncementDue): EventRecord {
    const { event_id: id, at, disabled_for, failing_since } = announcement;
    const isMerchants = owner.level === 'merchant';
    const event: NormalisedEvent = {
      type: 'endpoint_disabled',
      origin: 'system',
      occurredAt: at,
      objectType: 'endpoint',
      object: {
        connector_reference: _id,
        payment_reference: null,
        merchant_reference: null,
        amount_minor: null,
        currency: null,
        status: 'disabled',
        detail: disabled_for,
        customer: null,
        metadata: failing_since === null ? {} : { failing_since: failing_since.toISOString() },
      },
      previous: { status: 'enabled' },
    };
    const envelope = buildEnvelope({
      id,
      event,
      merchantId: isMerchants ? owner.id : null,
      ...(isMerchants ? {} : { owner }),
      environment: tools.environment,
      connector: null,
      createdAt: at,
    });
    return {
      _id: id,
      merchant_id: envelope.merchant_id,
      ...(isMerchants ? {} : { owner_key }),
      dedupe_key: `endpoint_disabled:${_id}:${id}`,
      type: event.type,
      origin: event.origin,
      object_type: event.objectType,
      connector: null,
      connector_account_id: null,
      notification_id: null,
      references: [_id],
      occurred_at: at,
      created_at: at,
      body: serialiseEnvelope(envelope),
    };
  }

  /** Its id is the event's, so that it is written once too. */
  function auditRecordOf({ _id, owner_key, announcement }: AnnouncementDue): AuditRecord {
    return {
      _id: announcement.event_id.replace(/^evt_/, 'aud_'),
      at: announcement.at,
      actor: { subject: 'dispatcher', level: 'gateway', id: '*', jti: '' },
      action: 'subscription.disable',
      owner_key,
      resource_id: _id,
      fields: ['status', 'status_reason'],
      request_id: announcement.event_id,
      ip: null,
    };
  }

  return {
    announce,
    async sweep() {
      const due = await tools.subscriptions.findAnnouncementsDue(BATCH);
      for (const one of due) await announce(one);
      return due.length;
    },
  };
}
