export { testDatabaseUrl, testQueuePrefix, testRedisUrl, testStores } from './borrow-stores.ts';
export { LENDER_VARIABLE, type Lender, type LentStores, lendStores } from './lend-stores.ts';
