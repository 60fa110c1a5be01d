import type { SubscriptionRepository } from '@owngateway/store';
import type { Caller } from '../access/caller.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import { retryOnConflict } from '../concurrency/retry-on-conflict.ts';
import { currentSecret, previousExpiry, rotated, type SecretSource } from './signing-secrets.ts';

export interface ShownSecret {
  secret: string;
  /** Until when previous secrets sign too; null when none does. */
  previousExpiresAt: Date | null;
}

interface Sources {
  subscriptions: Pick<SubscriptionRepository, 'get' | 'update'>;
  trail: AuditTrail;
  newSecret: SecretSource;
  now: () => Date;
}

/** Shows the secret that signs now. Reading one is written down like a change. */
export function readSecret({ subscriptions, trail, now }: Omit<Sources, 'newSecret'>) {
  return async (caller: Caller, id: string): Promise<ShownSecret | 'not_found' | 'unreadable'> => {
    const subscription = await subscriptions.get(caller.scope, id);
    if (subscription === null) return 'not_found';
    const { secrets } = subscription.signing;
    const current = currentSecret(secrets);
    if (current === undefined && subscription.unreadable !== undefined) return 'unreadable';
    if (current === undefined) throw new Error('a subscription always has a secret that does not expire');
    await trail.record(caller, {
      action: 'subscription.secret_read',
      ownerKey: subscription.owner_key,
      resourceId: id,
    });
    return { secret: current.value, previousExpiresAt: previousExpiry(secrets, now()) };
  };
}

/** Makes a new secret; the previous ones go on signing beside it for the given time (001.14). */
export function rotateSecret({ subscriptions, trail, newSecret, now }: Sources) {
  return async (
    caller: Caller,
    id: string,
    expirePreviousInS: number,
  ): Promise<ShownSecret | 'not_found' | 'conflict' | 'too_many'> => {
    const value = newSecret();
    const moment = now();
    const previousExpiresAt = new Date(moment.getTime() + expirePreviousInS * 1000);
    const outcome = await retryOnConflict(async () => {
      const current = await subscriptions.get(caller.scope, id);
      if (current === null) return 'not_found';
      const secrets = rotated(current.signing.secrets, { value, now: moment, previousExpiresAt });
      if (secrets === 'too_many') return secrets;
      return subscriptions.update(caller.scope, id, current.version, { signing: { ...current.signing, secrets } });
    });
    if (typeof outcome === 'string') return outcome;
    await trail.record(caller, {
      action: 'subscription.secret_rotate',
      ownerKey: outcome.owner_key,
      resourceId: id,
      fields: ['signing'],
    });
    return { secret: value, previousExpiresAt };
  };
}
