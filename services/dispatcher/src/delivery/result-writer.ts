import {
  createGroupCommit,
  type DeliveryRecord,
  type DeliveryRepository,
  type Settlement,
  type SettlementOutcome,
} from '@owngateway/store';
import { PersistenceGate, type WriterEvents } from './persistence-gate.ts';

/** While busy: the receiver has its event already, so only the next job waits for this. */
const GATHER = { ms: 10, from: 8 };

/**
 * Writes what became of attempts, in groups. A result that cannot be written is kept and written again until it is;
 * nothing is ever sent again because a write failed (rule 8).
 */
export interface ResultWriter {
  /** The one document of a delivery, in the state its first attempt left it. */
  insert(record: DeliveryRecord): Promise<'inserted' | 'exists'>;
  settle(settlement: Settlement): Promise<SettlementOutcome>;
  /** Resolves when nothing waits to be written again; sends wait for this (rule 8). */
  whenWritable(): Promise<void>;
  drain(): Promise<void>;
  /** Gives up what still cannot be written: the grace period is over; leases and marks let the sweeper mend it. */
  abandon(): void;
}

export function createResultWriter(
  deliveries: Pick<DeliveryRepository, 'insertMany' | 'settleMany'>,
  events: WriterEvents,
): ResultWriter {
  const gate = new PersistenceGate(events);
  const inserts = createGroupCommit<DeliveryRecord, 'inserted' | 'exists'>({
    gather: GATHER,
    write: (group) => gate.persist(group, (part) => deliveries.insertMany(part)),
  });
  const settlements = createGroupCommit<Settlement, SettlementOutcome>({
    gather: GATHER,
    write: (group) => gate.persist(group, (part) => deliveries.settleMany(part)),
  });
  return {
    insert: (record) => inserts.add(record),
    settle: (settlement) => settlements.add(settlement),
    whenWritable: () => gate.whenOpen(),
    async drain() {
      await Promise.all([inserts.drain(), settlements.drain()]);
    },
    abandon: () => gate.abandon(),
  };
}
