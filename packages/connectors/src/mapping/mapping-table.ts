import type { EventType, ObjectType, Origin } from '@owngateway/domain';
import type { ConnectorMapping } from '../connector.ts';

/** What a row asks of a fact besides its type, in words for the catalogue and as a test for the code. */
export interface Condition<Fact> {
  readonly text: string;
  holds(fact: Fact): boolean;
}

interface RowHead<Fact> {
  /** The vendor's own name; a trailing `*` stands for any ending. */
  readonly type: string;
  readonly when?: Condition<Fact>;
}

/** A row that raises an event. */
export interface RaisingRow<Fact> extends RowHead<Fact> {
  readonly event: EventType;
  readonly origin: Origin;
  readonly detail?: string;
  /** Only where it is not the event type's usual one, as for mandates. */
  readonly objectType?: ObjectType;
}

/** A row that is acknowledged and recorded, and raises nothing. */
export interface SilentRow<Fact> extends RowHead<Fact> {
  readonly event: null;
}

export type MappingRow<Fact> = RaisingRow<Fact> | SilentRow<Fact>;

/** A vendor's rows, ready to be asked and to be published. */
export interface MappingTable<Fact> {
  /** The first row whose type and condition hold: rows of the exact type first, then those with `*`, in their order. */
  find(type: string, fact: Fact): MappingRow<Fact> | null;
  readonly published: readonly ConnectorMapping[];
}

/** Makes a table of rows. A notification of no row raises nothing (000.16). */
export function mappingTable<Fact>(rows: readonly MappingRow<Fact>[]): MappingTable<Fact> {
  const exact = Map.groupBy(
    rows.filter((row) => !row.type.endsWith('*')),
    (row) => row.type,
  );
  const open = rows.filter((row) => row.type.endsWith('*'));
  const holds = (row: MappingRow<Fact>, fact: Fact) => row.when === undefined || row.when.holds(fact);
  return {
    find: (type, fact) =>
      exact.get(type)?.find((row) => holds(row, fact)) ??
      open.find((row) => type.startsWith(row.type.slice(0, -1)) && holds(row, fact)) ??
      null,
    published: rows.map(publish),
  };
}

function publish<Fact>(row: MappingRow<Fact>): ConnectorMapping {
  const head = { connectorType: row.type, condition: row.when?.text ?? null, eventType: row.event };
  return row.event === null
    ? { ...head, detail: null, origin: null }
    : { ...head, detail: row.detail ?? null, origin: row.origin };
}
