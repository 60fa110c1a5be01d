export * from './connector.ts';
export * from './outside.ts';
export * from './registry.ts';
