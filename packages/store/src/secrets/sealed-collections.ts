import { connectorAccountSchema } from '../connector-accounts/connector-account-schema.ts';
import { idempotencySchema } from '../idempotency/mongo-idempotency-repository.ts';
import { subscriptionSchema } from '../subscriptions/subscription-schema.ts';
import { type SealedCollection, sealedCollection } from './sealed-places.ts';

/** Those that live long, and grow with the number of merchants and not with traffic. */
export const lastingSealedCollections: readonly SealedCollection[] = [
  sealedCollection(subscriptionSchema, 'owner_key'),
  sealedCollection(connectorAccountSchema, 'merchant_id'),
];

/** Every collection with something sealed in it. A test compares them with what is stored. */
export const sealedCollections: readonly SealedCollection[] = [
  ...lastingSealedCollections,
  sealedCollection(idempotencySchema, '_id'),
];
