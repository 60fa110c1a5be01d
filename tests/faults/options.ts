import { parseArgs } from 'node:util';
import { type FaultRow, GROUPS, type Group } from './fault-row.ts';

/** What the person at the terminal asked for. */
export interface FaultOptions {
  /** Only rows of the short form, in their short form. */
  readonly short: boolean;
  readonly wanted: (row: FaultRow) => boolean;
}

/** A request from the command line that cannot be carried out; the sentence is for the person at the terminal. */
export class UsageError extends Error {}

export const USAGE = `npm run faults -- [options]
  --short       the form of a few minutes, without the rows that take times
  --group LIST  some of ${Object.keys(GROUPS).join(',')} (default: all)
  --only LIST   some rows by their numbers, as in docs/reliability.md`;

/** Reads the command line. Throws `UsageError`. */
export function readOptions(args: readonly string[], rows: readonly FaultRow[]): FaultOptions | 'help' {
  const values = parse(args);
  if (values.help) return 'help';
  const groups = list(values.group);
  const numbers = list(values.only);
  for (const group of groups ?? []) {
    if (!Object.hasOwn(GROUPS, group)) throw new UsageError(`--group: there is no group ${group}`);
  }
  for (const number of numbers ?? []) {
    if (!rows.some((row) => String(row.number) === number)) throw new UsageError(`--only: there is no row ${number}`);
  }
  const inGroup = (group: Group) => groups === null || groups.includes(group);
  const inNumbers = (number: number) => numbers === null || numbers.includes(String(number));
  const short = values.short === true;
  return { short, wanted: (row) => inGroup(row.group) && inNumbers(row.number) && (!short || row.short) };
}

function list(value: string | undefined): string[] | null {
  return value === undefined ? null : value.split(',').map((part) => part.trim());
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        short: { type: 'boolean' },
        group: { type: 'string' },
        only: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
