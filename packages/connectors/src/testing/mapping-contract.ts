import type { ConnectorMapping, NotificationItem } from '../connector.ts';
import type { ContractSubject, MappingCase } from './contract-subject.ts';
import { expectSound, expectSources } from './parsing-contract.ts';
import { readItems } from './read-items.ts';

/** Declares one test per mapping row, and that no row is without one. */
export function describeMapping<Credential, Settings>(subject: ContractSubject<Credential, Settings>): void {
  const { connector } = subject;
  const itemsOf = async (one: MappingCase<Settings>): Promise<NotificationItem[]> => {
    const notification = subject.sign(one.payload, subject.credentials.current, subject.signedAt);
    const items = await readItems(subject, notification, one.settings);
    // What was looked up tells of more than what has changed, such as of a payment with its refund.
    return items.filter(({ connectorType }) => subject.outside === undefined || isOfRow(one.row, connectorType));
  };

  describe('mapping', () => {
    it('has a recorded payload for every row, and a row for every recorded payload', () => {
      const rows = connector.mappings.map((row) => nameOf(row.connectorType, row.condition));
      const cases = subject.cases.map((one) => nameOf(one.row, one.condition ?? null));
      expect(cases.toSorted()).toEqual(rows.toSorted());
    });

    it('gives each recorded fact a key of its own', async () => {
      const items = await Promise.all(subject.cases.map(itemsOf));
      expect(new Set(items.flat().map((item) => item.key)).size).toBe(subject.cases.length);
    });

    it.each(subject.cases.map((one) => [nameOf(one.row, one.condition ?? null), one] as const))(
      '%s',
      async (_, one) => {
        const row = rowOf(connector.mappings, one);
        const items = await itemsOf(one);
        expectSound(items);
        expect(items.map((item) => item.event?.type ?? null)).toEqual([row?.eventType]);
        expect(items.map((item) => item.event?.origin ?? null)).toEqual([row?.origin]);
        expectSources(items, subject.sources?.(one.payload) ?? [one.payload]);
        if (row?.detail) {
          expect(items.map((item) => item.event?.object.detail)).toEqual([row.detail]);
        }
        if (one.object !== undefined) {
          expect(items.map((item) => item.event?.object)).toEqual([expect.objectContaining(one.object)]);
        }
      },
    );
  });
}

function rowOf<Settings>(rows: readonly ConnectorMapping[], one: MappingCase<Settings>): ConnectorMapping | undefined {
  return rows.find((row) => row.connectorType === one.row && row.condition === (one.condition ?? null));
}

function isOfRow(row: string, type: string): boolean {
  return row.endsWith('*') ? type.startsWith(row.slice(0, -1)) : type === row;
}

function nameOf(type: string, condition: string | null): string {
  return condition === null ? type : `${type}, ${condition}`;
}
