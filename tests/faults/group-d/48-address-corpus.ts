import type { FaultRow } from '../fault-row.ts';
import type { AddressesFound } from './48-address-corpus-process.ts';
import { namespaceObstacle, runInNamespace } from './namespace/run-in-namespace.ts';

/** The corpus stands in packages/outbound/tests/corpus, each block with its source. */
export const addressCorpus: FaultRow = {
  number: 48,
  group: 'D',
  fault: 'Every special-purpose, metadata and embedded address, as literal and by DNS',
  bar: 'all refused without a connection, no public address refused',
  short: true,
  obstacle: namespaceObstacle,
  async run({ onEnd }) {
    const found = await runInNamespace<AddressesFound>(new URL('./48-address-corpus-process.ts', import.meta.url), {
      onEnd,
    });
    const { notRefused, falselyRefused, ...counts } = found;
    const refused = counts.tries - notRefused.length;
    return {
      met:
        notRefused.length === 0 &&
        counts.connectionsToForbidden === 0 &&
        falselyRefused.length === 0 &&
        // A namespace in which nothing can be reached would prove nothing.
        counts.reachableUnguarded > 0.8 * counts.forbidden,
      figure: [
        `${counts.forbidden} forbidden addresses, refused ${refused} of ${counts.tries} tries`,
        `connections ${counts.connectionsToForbidden} (${counts.reachableUnguarded} answer without the guard)`,
        `${counts.public} public ones, refused ${falselyRefused.length}`,
        ...notRefused.slice(0, 1),
        ...falselyRefused.slice(0, 1),
      ].join(', '),
      figures: {
        forbidden_addresses: counts.forbidden,
        tries: counts.tries,
        refused,
        connections_to_forbidden: counts.connectionsToForbidden,
        reachable_without_guard: counts.reachableUnguarded,
        public_addresses: counts.public,
        falsely_refused: falselyRefused.length,
      },
    };
  },
};
