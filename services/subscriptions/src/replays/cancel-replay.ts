import type { ReplayRecord, ReplayRepository } from '@owngateway/store';
import type { Caller } from '../access/caller.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';

/** Ends a replay where it is: at most the batch at hand is still sent. `done` when there is nothing left to cancel. */
export function cancelReplay(sources: {
  replays: Pick<ReplayRepository, 'cancel'>;
  trail: AuditTrail;
  now: () => Date;
}) {
  const { replays, trail, now } = sources;
  return async (caller: Caller, id: string): Promise<ReplayRecord | 'not_found' | 'done'> => {
    const outcome = await replays.cancel(caller.scope, id, now());
    if (typeof outcome === 'string') return outcome;
    await trail.record(caller, { action: 'replay.cancel', ownerKey: outcome.owner_key, resourceId: id });
    return outcome;
  };
}
