import type { IdSource } from '@owngateway/domain';
import type { AuditRepository } from '@owngateway/store';
import type { Caller } from '../access/caller.ts';

type AuditAction =
  | 'merchant.create'
  | 'merchant.update'
  | 'token.create'
  | 'token.revoke'
  | 'connector_account.create'
  | 'connector_account.update'
  | 'connector_account.delete'
  | 'subscription.create'
  | 'subscription.update'
  | 'subscription.delete'
  | 'subscription.enable'
  | 'subscription.disable'
  | 'subscription.secret_read'
  | 'subscription.secret_rotate'
  | 'event.replay'
  | 'delivery.replay'
  | 'delivery.cancel'
  | 'notification.reprocess'
  | 'replay.create'
  | 'replay.cancel';

interface Change {
  action: AuditAction;
  /** Whose data was changed: `merchant:m_42`, or `operator`. */
  ownerKey: string;
  resourceId: string;
  /** Names of the changed fields, never their values. */
  fields?: readonly string[];
}

/** Writes down who changed what (003.8). */
export interface AuditTrail {
  record(caller: Caller, change: Change): Promise<void>;
}

export function createAuditTrail(sources: {
  audit: Pick<AuditRepository, 'append'>;
  newId: IdSource;
  now: () => Date;
}): AuditTrail {
  return {
    record: ({ actor, requestId, ip }, { action, ownerKey, resourceId, fields }) =>
      sources.audit.append({
        _id: sources.newId('aud'),
        at: sources.now(),
        actor: { subject: actor.subject, level: actor.owner.level, id: actor.owner.id, jti: actor.jti },
        action,
        owner_key: ownerKey,
        resource_id: resourceId,
        fields: [...(fields ?? [])],
        request_id: requestId,
        ip,
      }),
  };
}
