import type { Replica, World } from '../../e2e/open-world.ts';

/** The most requests in flight in one dispatcher of these rows: what a fault of one of them may send twice. */
export const IN_FLIGHT = 50;

/** Settings of a world whose dispatchers have that bound. */
export const BOUNDED = { DELIVERY_CONCURRENCY: String(IN_FLIGHT) };

/** Dispatchers that the row may end, in place of the supervised one, which would be started again. */
export async function ownDispatchers(
  world: World,
  count: number,
  settings: Readonly<Record<string, string>> = {},
): Promise<Replica[]> {
  const own = await Promise.all(Array.from({ length: count }, () => world.addReplica('dispatcher', settings)));
  await world.stack.services.dispatcher.stop();
  return own;
}
