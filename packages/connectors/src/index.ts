export * from './account-connector.ts';
export type * from './acknowledgement.ts';
export * from './connector.ts';
export * from './evidence.ts';
export * from './handshake.ts';
export * from './outside.ts';
export * from './registry.ts';
