import type { Connector } from '@owngateway/connectors';
import type { IdSource } from '@owngateway/domain';
import type { FieldFault } from '@owngateway/service-kit';
import type { ConnectorAccountRecord, ConnectorAccountRepository, MerchantRepository } from '@owngateway/store';
import type { Caller } from '../access/caller.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import { readConnectorPart } from './read-connector-part.ts';

export interface ConnectorAccountInput {
  merchant_id: string;
  connector: string;
  /** The last part of the webhook URL; the connector's name when left out. */
  name?: string | undefined;
  credentials: readonly unknown[];
  settings?: Record<string, unknown> | undefined;
  include_source?: boolean | undefined;
  status?: ConnectorAccountRecord['status'] | undefined;
}

export type CreateConnectorAccountOutcome =
  | { kind: 'created'; account: ConnectorAccountRecord }
  | { kind: 'invalid'; faults: FieldFault[] }
  /** The merchant has an account of this name. */
  | { kind: 'name_taken' };

/** Registers a merchant's credentials at a connector (000.10). */
export function createConnectorAccount(sources: {
  accounts: Pick<ConnectorAccountRepository, 'create'>;
  merchants: Pick<MerchantRepository, 'get'>;
  findConnector: (name: string) => Connector | undefined;
  trail: AuditTrail;
  newId: IdSource;
  now: () => Date;
}) {
  const { accounts, merchants, findConnector, trail, newId, now } = sources;

  return async (caller: Caller, input: ConnectorAccountInput): Promise<CreateConnectorAccountOutcome> => {
    const faults: FieldFault[] = [];
    if ((await merchants.get(caller.scope, input.merchant_id)) === null) faults.push(UNKNOWN_MERCHANT);
    const connector = findConnector(input.connector);
    if (connector === undefined) return { kind: 'invalid', faults: [...faults, UNKNOWN_CONNECTOR] };

    const read = readConnectorPart(connector, { credentials: input.credentials, settings: input.settings ?? {} });
    if (!read.ok) faults.push(...read.faults);
    if (faults.length > 0 || !read.ok) return { kind: 'invalid', faults };

    const moment = now();
    const account = await accounts.create({
      _id: newId('acct'),
      merchant_id: input.merchant_id,
      connector: connector.name,
      name: input.name ?? connector.name,
      credentials: read.credentials,
      settings: read.settings,
      include_source: input.include_source ?? false,
      status: input.status ?? 'enabled',
      created_at: moment,
      updated_at: moment,
    });
    if (account === 'conflict') return { kind: 'name_taken' };
    await trail.record(caller, {
      action: 'connector_account.create',
      ownerKey: `merchant:${account.merchant_id}`,
      resourceId: account._id,
      fields: Object.keys(input),
    });
    return { kind: 'created', account };
  };
}

const UNKNOWN_MERCHANT: FieldFault = {
  field: 'merchant_id',
  code: 'unknown_merchant',
  message: 'names no merchant of yours',
};
const UNKNOWN_CONNECTOR: FieldFault = {
  field: 'connector',
  code: 'unknown_connector',
  message: 'GET /v1/connectors lists them',
};
