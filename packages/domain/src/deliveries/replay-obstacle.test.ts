import { type ReplayCircumstances, replayObstacle } from './replay-obstacle.ts';

test.each<[boolean, ReplayCircumstances['subscription'], ReturnType<typeof replayObstacle>]>([
  [true, 'enabled', null],
  [true, 'none', null],
  [true, 'disabled', 'subscription_disabled'],
  [true, 'deleted', 'subscription_deleted'],
  // Without bytes nothing can be sent, wherever it would go.
  [false, 'enabled', 'payload_gone'],
  [false, 'disabled', 'payload_gone'],
  [false, 'deleted', 'payload_gone'],
  [false, 'none', 'payload_gone'],
])('payload kept: %s, subscription %s: %s', (hasPayload, subscription, obstacle) => {
  expect(replayObstacle({ hasPayload, subscription })).toBe(obstacle);
});
