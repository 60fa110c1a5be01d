import type { OverflowToEnqueue } from '@owngateway/queue';
import { createGroupCommit, type EventRecord, type EventRepository, type InsertOutcome } from '@owngateway/store';
import type { MerchantShares } from '../shares/merchant-shares.ts';
import { writeAgain } from './write-again.ts';

/** Where events are stored, many at a time. */
export interface EventLog {
  /**
   * Resolves once every event is durable, with the id of the event that stands for each: its own, or that of the event
   * that had its key before (rule 1). Rejects when the store is away; then each may or may not be stored.
   */
  record(events: readonly EventRecord[]): Promise<string[]>;
  drain(): Promise<void>;
  readonly waiting: number;
}

export interface EventLogOptions {
  events: Pick<EventRepository, 'insertMany'>;
  shares: Pick<MerchantShares, 'take'>;
  /** Hears of what is new, a group at a time; must not throw. */
  onStored: (newEventIds: readonly string[]) => void;
  /** The same of what exceeds its merchant's share (rule 10). */
  onOverflow: (events: readonly OverflowToEnqueue[]) => void;
  onFault: (fault: unknown) => void;
}

/** Measured: groups of up to 200 documents, gathered while busy, one at a time: two at once would be half as large. */
const GROUP = { maxGroup: 200, gather: { ms: 5, from: 8 } };

/** What exceeds a share is written in groups of its own: nobody else's event waits behind a flood for its place in one. */
const OVERFLOW_GROUP = { maxGroup: 100, gather: { ms: 5, from: 8 } };

/** An event beyond its merchant's share. */
interface Overflowing {
  event: EventRecord;
  behind: number;
}

export function createEventLog({ events, shares, onStored, onOverflow, onFault }: EventLogOptions): EventLog {
  const first = createGroupCommit<EventRecord, string>({
    ...GROUP,
    async write(group) {
      const standing = await store(group);
      onStored(standing.filter((id, index) => id === group[index]?._id));
      return standing;
    },
  });
  const overflow = createGroupCommit<Overflowing, string>({
    ...OVERFLOW_GROUP,
    async write(group) {
      const standing = await store(group.map(({ event }) => event));
      onOverflow(group.filter(({ event }, index) => standing[index] === event._id).map(toEnqueue));
      return standing;
    },
  });

  async function store(group: readonly EventRecord[]): Promise<string[]> {
    const outcomes = await writeAgain(() => events.insertMany(group), onFault);
    return group.map((event, index) => standingId(event, outcomes[index]));
  }

  return {
    async record(records) {
      const behind = records.map(({ merchant_id }) => (merchant_id === null ? null : shares.take(merchant_id)));
      if (behind.every((one) => one === null)) return await first.addAll(records);
      return await Promise.all(
        records.map((event, index) => {
          const place = behind[index] ?? null;
          return place === null ? first.add(event) : overflow.add({ event: inOverflow(event), behind: place });
        }),
      );
    },
    async drain() {
      await Promise.all([first.drain(), overflow.drain()]);
    },
    get waiting() {
      return first.waiting + overflow.waiting;
    },
  };
}

/** The lane is stored with the event, so that the sweeper finds what was lost of each lane apart. */
function inOverflow({ awaiting_fan_out_since: since, ...event }: EventRecord): EventRecord {
  return since === undefined ? event : { ...event, awaiting_overflow_since: since };
}

function toEnqueue({ event, behind }: Overflowing): OverflowToEnqueue {
  return { eventId: event._id, merchantId: event.merchant_id ?? '', behind };
}

/** A duplicate may be the event itself: stored by a first write whose answer was lost. */
function standingId(event: EventRecord, outcome: InsertOutcome | undefined): string {
  return outcome?.kind === 'duplicate' ? outcome.existingId : event._id;
}
