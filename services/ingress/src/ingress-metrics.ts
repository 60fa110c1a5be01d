import type { Metrics } from '@owngateway/service-kit';
import { Counter, Gauge } from 'prom-client';

/** What ingress counts. No label holds a merchant or anything else that a stranger chooses. */
export interface IngressMetrics {
  /** Acknowledged notifications. */
  acknowledged: Counter<'connector' | 'verdict'>;
  /** Answered with the one 401, by the reason that the caller is not told (000.24). */
  refused: Counter<'reason'>;
  /** Answered with anything else than these two. */
  turnedAway: Counter<'reason'>;
  /** Questions by GET that were answered, with the keys of an account or those of nobody. */
  handshakes: Counter<'connector' | 'answer'>;
  /** Evidence that was gathered before a notification could be verified. */
  evidence: Counter<'connector' | 'outcome'>;
  eventsStored: Counter<'source'>;
  /** New events beyond their merchant's share. */
  overflowed: Counter;
  /** Ids of events and notifications that did not reach Redis; the sweeper finds them in MongoDB. */
  notEnqueued: Counter;
  /** Group writes that failed at first. */
  writeFaults: Counter<'collection'>;
}

/** @param underWay read whenever metrics are collected */
export function createIngressMetrics(
  { registry }: Metrics,
  underWay: Readonly<{ notifications: number; bytes: number }>,
): IngressMetrics {
  const registers = [registry];
  new Gauge({
    name: 'ingress_notifications_under_way',
    help: 'Notifications between their last byte and their end in the store',
    registers,
    collect() {
      this.set(underWay.notifications);
    },
  });
  new Gauge({
    name: 'ingress_body_bytes_held',
    help: 'Bytes that bodies under way hold, of INTAKE_MIB',
    registers,
    collect() {
      this.set(underWay.bytes);
    },
  });
  return {
    acknowledged: new Counter({
      name: 'ingress_notifications_acknowledged_total',
      help: 'Acknowledged notifications by connector and verdict',
      labelNames: ['connector', 'verdict'],
      registers,
    }),
    refused: new Counter({
      name: 'ingress_notifications_refused_total',
      help: 'Refused notifications by reason',
      labelNames: ['reason'],
      registers,
    }),
    turnedAway: new Counter({
      name: 'ingress_notifications_turned_away_total',
      help: 'Notifications that were neither acknowledged nor refused, by reason',
      labelNames: ['reason'],
      registers,
    }),
    handshakes: new Counter({
      name: 'ingress_handshakes_answered_total',
      help: 'Handshakes that were answered, by connector and whose keys: account or nobody',
      labelNames: ['connector', 'answer'],
      registers,
    }),
    evidence: new Counter({
      name: 'ingress_evidence_total',
      help: 'Looks for what proves a notification, by connector and outcome: gathered or unavailable',
      labelNames: ['connector', 'outcome'],
      registers,
    }),
    eventsStored: new Counter({
      name: 'ingress_events_stored_total',
      help: 'New events by source: notification or api',
      labelNames: ['source'],
      registers,
    }),
    overflowed: new Counter({
      name: 'ingress_events_overflowed_total',
      help: "New events that exceeded their merchant's share and took the overflow lane",
      registers,
    }),
    notEnqueued: new Counter({
      name: 'ingress_events_not_enqueued_total',
      help: 'Stored events, and notifications to be read again, whose ids did not reach Redis',
      registers,
    }),
    writeFaults: new Counter({
      name: 'ingress_write_faults_total',
      help: 'Group writes that failed and were repeated',
      labelNames: ['collection'],
      registers,
    }),
  };
}
