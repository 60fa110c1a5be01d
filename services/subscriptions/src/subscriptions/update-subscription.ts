import type { PatchSubscriptionBody } from '@owngateway/domain';
import type { FieldFault } from '@owngateway/service-kit';
import type { SubscriptionPatch, SubscriptionRecord, SubscriptionRepository } from '@owngateway/store';
import type { Caller } from '../access/caller.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import { retryOnConflict } from '../concurrency/retry-on-conflict.ts';
import { faultsOfScheme, faultsOfTls } from './tls-rule.ts';
import { faultOfUrl, type UrlRule } from './url-rule.ts';

export type UpdateSubscriptionOutcome =
  | { kind: 'updated'; subscription: SubscriptionRecord }
  | { kind: 'not_found' }
  | { kind: 'invalid'; faults: FieldFault[] }
  | { kind: 'conflict' };

/** Changes the given fields; each replaces what was there. Waiting deliveries follow the change (rule 13). */
export function updateSubscription(sources: {
  subscriptions: Pick<SubscriptionRepository, 'get' | 'update'>;
  judgeUrl: UrlRule;
  trail: AuditTrail;
  now: () => Date;
}) {
  const { subscriptions, judgeUrl, trail, now } = sources;

  async function write(caller: Caller, id: string, patch: SubscriptionPatch) {
    return retryOnConflict(async () => {
      const current = await subscriptions.get(caller.scope, id);
      if (current === null) return 'not_found';
      // Failures at one address say nothing of another.
      const hasMoved = patch.url !== undefined && patch.url !== current.url;
      const changes = hasMoved ? { ...patch, failing_since: null } : patch;
      return subscriptions.update(caller.scope, id, current.version, changes);
    });
  }

  return async (caller: Caller, id: string, body: PatchSubscriptionBody): Promise<UpdateSubscriptionOutcome> => {
    // Nobody may use this call to have the name system asked about a URL without owning a subscription.
    const before = await subscriptions.get(caller.scope, id);
    if (before === null) return { kind: 'not_found' };
    const patch = givenFields(body);
    // Nothing is changed, so nothing says that it was: no new time or version, no audit record.
    if (Object.keys(patch).length === 0) return { kind: 'updated', subscription: before };
    const faults: FieldFault[] = [];
    if (patch.url !== undefined) {
      const verdict = await judgeUrl(patch.url);
      faults.push(...faultOfUrl(verdict));
      if (verdict.ok) patch.url = verdict.url.href;
    }
    const after = { ...before, ...patch };
    // Only what is given is judged: a certificate that has expired since must not keep other changes away.
    faults.push(...faultsOfScheme(after.tls, after.url), ...faultsOfTls(patch.tls, now()));
    if (faults.length > 0) return { kind: 'invalid', faults };
    const written = await write(caller, id, patch);
    if (written === 'not_found' || written === 'conflict') return { kind: written };
    await trail.record(caller, {
      action: 'subscription.update',
      ownerKey: written.owner_key,
      resourceId: id,
      fields: Object.keys(patch),
    });
    return { kind: 'updated', subscription: written };
  };
}

/** zod leaves optional fields as possibly undefined; a patch has them or does not. */
function givenFields(body: PatchSubscriptionBody): SubscriptionPatch {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}
