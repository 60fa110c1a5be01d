import { newId } from '@owngateway/domain';
import type { ConnectorAccountRecord, Store } from '@owngateway/store';
import { ACCOUNTS } from './notifications.ts';

/** Stores a connector account as the API would; named after its connector unless told otherwise. */
export async function addAccount(
  store: Store,
  merchantId: string,
  connector: keyof typeof ACCOUNTS,
  more: Partial<ConnectorAccountRecord> = {},
): Promise<ConnectorAccountRecord> {
  const now = new Date();
  const account = await store.connectorAccounts.create({
    _id: newId('acct'),
    merchant_id: merchantId,
    name: connector,
    ...ACCOUNTS[connector],
    status: 'enabled',
    created_at: now,
    updated_at: now,
    ...more,
  });
  if (account === 'conflict') {
    throw new Error('the account exists');
  }
  return account;
}
