import type { ConnectorAccountRepository } from '@owngateway/store';
import type { Caller } from '../access/caller.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';

/** Deletes an account; from then on its webhook URL answers as if it had never been. */
export function deleteConnectorAccount(sources: {
  accounts: Pick<ConnectorAccountRepository, 'get' | 'delete'>;
  trail: AuditTrail;
}) {
  const { accounts, trail } = sources;
  return async (caller: Caller, id: string): Promise<'deleted' | 'not_found'> => {
    const account = await accounts.get(caller.scope, id);
    if (account === null || !(await accounts.delete(caller.scope, id))) return 'not_found';
    await trail.record(caller, {
      action: 'connector_account.delete',
      ownerKey: `merchant:${account.merchant_id}`,
      resourceId: id,
    });
    return 'deleted';
  };
}
