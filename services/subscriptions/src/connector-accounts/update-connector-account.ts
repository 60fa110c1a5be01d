import type { Connector } from '@owngateway/connectors';
import type { FieldFault } from '@owngateway/service-kit';
import type { ConnectorAccountPatch, ConnectorAccountRecord, ConnectorAccountRepository } from '@owngateway/store';
import type { Caller } from '../access/caller.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import { retryOnConflict } from '../concurrency/retry-on-conflict.ts';
import { readConnectorPart } from './read-connector-part.ts';

/** Each field replaces what was there; several credentials are valid at once, so rotating one refuses nothing (000.23). */
export interface ConnectorAccountChanges {
  credentials?: readonly unknown[] | undefined;
  settings?: Record<string, unknown> | undefined;
  include_source?: boolean | undefined;
  status?: ConnectorAccountRecord['status'] | undefined;
}

export type UpdateConnectorAccountOutcome =
  | { kind: 'updated'; account: ConnectorAccountRecord }
  | { kind: 'not_found' }
  | { kind: 'invalid'; faults: FieldFault[] };

export function updateConnectorAccount(sources: {
  accounts: Pick<ConnectorAccountRepository, 'get' | 'update'>;
  connectorOf: (account: { connector: string; settings: unknown }) => Connector | undefined;
  trail: AuditTrail;
}) {
  const { accounts, connectorOf, trail } = sources;

  async function change(
    caller: Caller,
    id: string,
    changes: ConnectorAccountChanges,
  ): Promise<UpdateConnectorAccountOutcome | 'conflict'> {
    const account = await accounts.get(caller.scope, id);
    if (account === null) return { kind: 'not_found' };
    if (isEmpty(changes)) return { kind: 'updated', account };
    const connector = connectorOf(account);
    // An account outlives its connector only when an operator removes the connector from the product.
    if (connector === undefined) return { kind: 'not_found' };
    const read = readPatch(connector, account, changes);
    if (!read.ok) return { kind: 'invalid', faults: read.faults };
    const updated = await accounts.update(caller.scope, id, account.version, read.patch);
    if (updated === 'conflict') return updated;
    return updated === 'not_found' ? { kind: 'not_found' } : { kind: 'updated', account: updated };
  }

  return async (
    caller: Caller,
    id: string,
    changes: ConnectorAccountChanges,
  ): Promise<UpdateConnectorAccountOutcome | 'conflict'> => {
    const outcome = await retryOnConflict(() => change(caller, id, changes));
    if (outcome !== 'conflict' && outcome.kind === 'updated' && !isEmpty(changes)) {
      await trail.record(caller, {
        action: 'connector_account.update',
        ownerKey: `merchant:${outcome.account.merchant_id}`,
        resourceId: id,
        fields: Object.keys(changes),
      });
    }
    return outcome;
  };
}

/** Nothing is changed, so nothing says that it was: no new time or version, no audit record. */
function isEmpty(changes: ConnectorAccountChanges): boolean {
  return Object.values(changes).every((value) => value === undefined);
}

type ReadPatch = { ok: true; patch: ConnectorAccountPatch } | { ok: false; faults: FieldFault[] };

/** What is stored may be older than the connector's schemas; switching an account off must not depend on them. */
function readPatch(
  connector: Connector,
  account: ConnectorAccountRecord,
  { credentials, settings, include_source, status }: ConnectorAccountChanges,
): ReadPatch {
  const patch: ConnectorAccountPatch = {
    ...(status === undefined ? {} : { status }),
    ...(include_source === undefined ? {} : { include_source }),
  };
  if (credentials === undefined && settings === undefined) return { ok: true, patch };
  const read = readConnectorPart(connector, {
    credentials: credentials ?? account.credentials,
    settings: settings ?? account.settings,
  });
  if (!read.ok) return read;
  if (credentials !== undefined) patch.credentials = read.credentials;
  if (settings !== undefined) patch.settings = read.settings;
  return { ok: true, patch };
}
