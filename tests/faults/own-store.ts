import { newId } from '@owngateway/domain';
import { defineSettings, fields, loadSettings } from '@owngateway/service-kit';
import { openStore, type Store } from '@owngateway/store';
import type { World } from '../e2e/open-world.ts';

const definition = defineSettings({ MONGO_URL: fields.mongoUrl, ENCRYPTION_KEYS: fields.encryptionKeys });

/** The gateway's own repositories, for rows that need thousands of something which the API makes one at a time. */
export async function openOwnStore(world: World, onEnd: (end: () => unknown) => void): Promise<Store> {
  const { MONGO_URL, ENCRYPTION_KEYS } = loadSettings(definition, world.stack.settings);
  const store = await openStore({ mongoUrl: MONGO_URL, encryptionKeys: ENCRYPTION_KEYS, appName: 'owngateway-faults' });
  onEnd(() => store.close());
  return store;
}

/** A subscription as the API would have made it, of a merchant that takes everything. */
export async function subscribeDirectly(
  store: Store,
  merchantId: string,
  url: string,
  retriesAfterS: number[] = [1],
): Promise<void> {
  const now = new Date();
  const value = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  await store.subscriptions.create({
    _id: newId('sub'),
    owner: { level: 'merchant', id: merchantId },
    owner_key: `merchant:${merchantId}`,
    url,
    description: null,
    event_types: ['*'],
    status: 'enabled',
    status_reason: null,
    authentication: { type: 'none' },
    headers: {},
    tls: null,
    signing: { scheme: 'hmac-sha256', secrets: [{ value, created_at: now, expires_at: null }] },
    event_style: 'snake_case',
    success: '2xx',
    retry_policy: { delays_s: retriesAfterS },
    max_in_flight: 20,
    rate_limit_per_s: null,
    timeout_ms: 15_000,
    auto_disable: null,
    created_at: now,
    updated_at: now,
  });
}
