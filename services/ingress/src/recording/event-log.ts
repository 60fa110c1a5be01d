import { createGroupCommit, type EventRecord, type EventRepository, type InsertOutcome } from '@owngateway/store';
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
  /** Hears of what is new, a group at a time; must not throw. */
  onStored: (newEventIds: readonly string[]) => void;
  onFault: (fault: unknown) => void;
}

/** Measured: groups of up to 200 documents, gathered while busy, one at a time: two at once would be half as large. */
const GROUP = { maxGroup: 200, gather: { ms: 5, from: 8 } };

export function createEventLog({ events, onStored, onFault }: EventLogOptions): EventLog {
  const commit = createGroupCommit<EventRecord, string>({
    ...GROUP,
    async write(group) {
      const outcomes = await writeAgain(() => events.insertMany(group), onFault);
      const standing = group.map((event, index) => standingId(event, outcomes[index]));
      onStored(standing.filter((id, index) => id === group[index]?._id));
      return standing;
    },
  });
  return {
    record: (records) => commit.addAll(records),
    drain: () => commit.drain(),
    get waiting() {
      return commit.waiting;
    },
  };
}

/** A duplicate may be the event itself: stored by a first write whose answer was lost. */
function standingId(event: EventRecord, outcome: InsertOutcome | undefined): string {
  return outcome?.kind === 'duplicate' ? outcome.existingId : event._id;
}
