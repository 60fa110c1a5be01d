import type { World } from '../e2e/open-world.ts';

/** The groups of the plan that `npm run faults` runs (docs/reliability.md). */
export const GROUPS = {
  A: 'Processes and queue',
  B: 'MongoDB',
  C: 'Hostile and broken receivers',
  D: 'Forbidden addresses',
  E: 'Ingress under attack',
  G: 'Signatures, secrets, logs',
} as const;
export type Group = keyof typeof GROUPS;

/** One fault that is made to happen, and what must hold all the same. */
export interface FaultRow {
  /** The number in docs/reliability.md; also what `--only` takes. */
  readonly number: number;
  readonly group: Group;
  /** What is done to the gateway, for the table: a few words. */
  readonly fault: string;
  /** What must hold, for the table: a few words. */
  readonly bar: string;
  /** Belongs to the short form: seconds long, and nothing in it depends on how fast the machine is. */
  readonly short: boolean;
  /** Why it cannot run on this machine, in one sentence; null when it can. */
  readonly obstacle?: () => string | null | Promise<string | null>;
  /** Makes the fault happen and looks. Throws only when the row itself could not be carried out. */
  run(surroundings: Surroundings): Promise<Finding>;
}

/** What a row is given. */
export interface Surroundings {
  /** The short form is asked for: smaller numbers, no timing. */
  readonly short: boolean;
  /** A whole gateway in processes of its own, ended after the row. */
  openWorld(settings?: Readonly<Record<string, string>>): Promise<World>;
  /** Something to be ended after the row, whatever became of it; the last added first. */
  onEnd(end: () => unknown): void;
}

/** What a row saw. */
export interface Finding {
  /** Whether the bar is met. */
  readonly met: boolean;
  /** For the table: a few words with the numbers that the bar speaks of. */
  readonly figure: string;
  /** Every number that was taken, for the JSON. */
  readonly figures: Readonly<Record<string, number | string | boolean | null>>;
}
