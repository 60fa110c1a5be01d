export { testDatabaseUrl, testQueuePrefix, testRedisUrl, testStores } from './borrow-stores.ts';
export { eventually } from './eventually.ts';
export { type InterruptibleProxy, startProxy } from './interruptible-proxy.ts';
export { LENDER_VARIABLE, type Lender, type LentStores, lendStores } from './lend-stores.ts';
export { startVendorApi, type VendorAnswer, type VendorApi } from './vendor-api.ts';
