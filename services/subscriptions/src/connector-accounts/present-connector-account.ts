import type { ConnectorAccountRecord } from '@owngateway/store';
import { z } from 'zod';
import { unreadableFields } from '../api/unreadable-fields.ts';

/** A connector account as the API shows it. Credentials are write-only: only how many there are is told. */
export const connectorAccountBody = z.object({
  id: z.string(),
  merchant_id: z.string(),
  connector: z.string(),
  name: z.string(),
  webhook_url: z.string().describe('The exact URL to copy into the connector’s dashboard (000.9)'),
  credentials_count: z.int(),
  settings: z.record(z.string(), z.unknown()),
  include_source: z.boolean().describe('Whether events tell the connector’s own object too, under `data.source`'),
  unreadable: unreadableFields,
  status: z.enum(['enabled', 'disabled']),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

export function presentConnectorAccount(
  account: ConnectorAccountRecord,
  publicIngressUrl: string,
): z.output<typeof connectorAccountBody> {
  return {
    id: account._id,
    merchant_id: account.merchant_id,
    connector: account.connector,
    name: account.name,
    webhook_url: `${publicIngressUrl}/webhooks/${account.merchant_id}/${account.name}`,
    credentials_count: account.credentials.length,
    settings: account.settings,
    include_source: account.include_source ?? false,
    ...(account.unreadable && { unreadable: [...account.unreadable] }),
    status: account.status,
    created_at: account.created_at.toISOString(),
    updated_at: account.updated_at.toISOString(),
  };
}
