import { parseArgs } from 'node:util';

/** The groups of figures, in the order in which they are taken. */
export const FIGURES = ['accept', 'deliver', 'backlog', 'latency', 'hang'] as const;
export type FigureName = (typeof FIGURES)[number];

export const SERVICES = ['ingress', 'subscriptions', 'dispatcher'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** What the person at the terminal asked for. */
export interface BenchOptions {
  readonly only: readonly FigureName[];
  /** How many events the saturated end-to-end figure takes. */
  readonly events: number;
  /** The service that runs under the V8 CPU profiler. Its figures are dearer then and are not judged. */
  readonly profile: ServiceName | null;
  /** Services log at `warn`; the default is production's `info`, where every attempt is a line. */
  readonly quiet: boolean;
}

/** A request from the command line that cannot be carried out; the sentence is for the person at the terminal. */
export class UsageError extends Error {}

export const USAGE = `npm run bench -- [options]
  --only LIST      some of ${FIGURES.join(',')} (default: all)
  --events N       events of the saturated end-to-end figure, 1000-100000 (default 20000)
  --profile NAME   run ${SERVICES.join('|')} under the CPU profiler and print where its time goes
  --quiet          services log at warn instead of info`;

/** Reads the command line. Throws `UsageError`. */
export function readOptions(args: readonly string[]): BenchOptions | 'help' {
  const { values } = parse(args);
  if (values.help) return 'help';
  const events = Number(values.events);
  if (!Number.isInteger(events) || events < 1_000 || events > 100_000) {
    throw new UsageError('--events takes a whole number from 1000 to 100000');
  }
  const profile = values.profile === undefined ? null : oneOf(SERVICES, '--profile', values.profile);
  // A profile of everything at once tells little: saturated unless something else is asked for.
  const all = profile === null ? FIGURES : (['deliver'] as const);
  const only = values.only === undefined ? all : values.only.split(',').map((it) => oneOf(FIGURES, '--only', it));
  return { only, events, profile, quiet: values.quiet };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        events: { type: 'string', default: '20000' },
        profile: { type: 'string' },
        quiet: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function oneOf<T extends string>(known: readonly T[], option: string, given: string): T {
  const found = known.find((it) => it === given.trim());
  if (found === undefined) throw new UsageError(`${option} knows ${known.join(', ')}, not "${given}"`);
  return found;
}
