import type { ConnectorForNew } from '@owngateway/connectors';
import type { IdSource } from '@owngateway/domain';
import type { FieldFault } from '@owngateway/service-kit';
import type { ConnectorAccountRecord, ConnectorAccountRepository, MerchantRepository } from '@owngateway/store';
import type { Caller } from '../access/caller.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import { type ReadConnectorPart, readConnectorPart } from './read-connector-part.ts';

export interface ConnectorAccountInput {
  merchant_id: string;
  connector: string;
  /** The last part of the webhook URL; the same as `connector` when left out. */
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
  connectorForNew: (account: { connector: string; settings?: unknown }) => ConnectorForNew;
  trail: AuditTrail;
  newId: IdSource;
  now: () => Date;
}) {
  const { accounts, merchants, connectorForNew, trail, newId, now } = sources;

  return async (caller: Caller, input: ConnectorAccountInput): Promise<CreateConnectorAccountOutcome> => {
    const faults: FieldFault[] = [];
    if ((await merchants.get(caller.scope, input.merchant_id)) === null) faults.push(UNKNOWN_MERCHANT);
    const read = readPart(connectorForNew(input), input);
    if (!read.ok) faults.push(...read.faults);
    if (faults.length > 0 || !read.ok) return { kind: 'invalid', faults };

    const moment = now();
    const account = await accounts.create({
      _id: newId('acct'),
      merchant_id: input.merchant_id,
      // For the generic connector that is a name of the provider's own.
      connector: input.connector,
      name: input.name ?? input.connector,
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

function readPart(
  connector: ConnectorForNew,
  { credentials, settings = {} }: Pick<ConnectorAccountInput, 'credentials' | 'settings'>,
): ReadConnectorPart {
  if (connector === undefined) return { ok: false, faults: [UNKNOWN_CONNECTOR] };
  if (connector === 'reserved') return { ok: false, faults: [RESERVED_NAME] };
  return readConnectorPart(connector, { credentials, settings });
}

const UNKNOWN_MERCHANT: FieldFault = {
  field: 'merchant_id',
  code: 'unknown_merchant',
  message: 'names no merchant of yours',
};
const UNKNOWN_CONNECTOR: FieldFault = {
  field: 'connector',
  code: 'unknown_connector',
  message:
    'GET /v1/connectors lists them; a connector of your own has its definition in settings, and a name like acme-pay',
};
const RESERVED_NAME: FieldFault = {
  field: 'connector',
  code: 'reserved_name',
  message: 'is the name of a connector that needs no definition; give yours another',
};
