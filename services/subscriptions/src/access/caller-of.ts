import type { Actor } from '@owngateway/service-kit';
import { type MerchantRepository, tenantScopeOf } from '@owngateway/store';
import type { Caller } from './caller.ts';

/** The part of a route's input that tells who asks. */
interface Asking {
  actor: Actor;
  requestId: string;
  request: { ip?: string | undefined };
}

/** Makes a caller of a request. */
export type CallerOf = (asking: Asking) => Promise<Caller>;

export function createCallerOf(merchants: Pick<MerchantRepository, 'idsBelow'>): CallerOf {
  return async ({ actor, requestId, request }) => ({
    actor,
    scope: await tenantScopeOf(actor.owner, merchants),
    requestId,
    // A socket that listens for both families shows IPv4 callers as `::ffff:192.0.2.1`.
    ip: request.ip?.replace(/^::ffff:(?=\d+\.)/, '') ?? null,
  });
}
