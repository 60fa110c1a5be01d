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
