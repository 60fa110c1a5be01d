import { setTimeout as sleep } from 'node:timers/promises';
import type { DeliveryRepository, TenantScope } from '@owngateway/store';

/** How long a replay waits for the one before it to be sent; far longer than that takes when nothing holds it back. */
const PATIENCE_MS = 2_000;

const LOOKS_EVERY_MS = 25;

export type PatientReplay = (scope: TenantScope, id: string) => ReturnType<DeliveryRepository['replay']>;

/**
 * Begins a new round of a delivery. Two replays at once are two attempts, one after the other: the second waits until the first
 * is under way, and is refused as `unsent` when that is held back for longer.
 */
export function patientReplay(sources: {
  deliveries: Pick<DeliveryRepository, 'replay'>;
  now: () => Date;
  /** A tool of tests. */
  pause?: (ms: number) => Promise<unknown>;
}): PatientReplay {
  const { deliveries, now, pause = (ms) => sleep(ms) } = sources;
  return async (scope, id) => {
    for (let waitedMs = 0; ; waitedMs += LOOKS_EVERY_MS) {
      const outcome = await deliveries.replay(scope, id, now());
      if (outcome !== 'unsent' || waitedMs >= PATIENCE_MS) return outcome;
      await pause(LOOKS_EVERY_MS);
    }
  };
}
