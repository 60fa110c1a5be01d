export * from './deliveries/delivery.ts';
export * from './deliveries/retry-policy.ts';
export * from './events/event.ts';
export * from './events/event-types.ts';
export * from './ids.ts';
export * from './subscriptions/subscription.ts';
