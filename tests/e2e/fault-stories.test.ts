import { sharedWorld } from './open-world.ts';
import { gracefulStopStory } from './stories/graceful-stop.ts';
import { killedDispatcherStory } from './stories/killed-dispatcher.ts';
import { killedStoresStory } from './stories/killed-stores.ts';
import { lostLookStory } from './stories/lost-look.ts';
import { lostStepsStory } from './stories/lost-steps.ts';

// A busy machine takes three times as long as an idle one.
jest.setTimeout(180_000);

const DELIVERY_CONCURRENCY = 100;

describe('what the gateway lives through', () => {
  const world = sharedWorld({ DELIVERY_CONCURRENCY: String(DELIVERY_CONCURRENCY) });

  lostStepsStory(world);
  lostLookStory(world);
  describe('a stop', () => gracefulStopStory(world));
  killedDispatcherStory(world, DELIVERY_CONCURRENCY);
  killedStoresStory(world, DELIVERY_CONCURRENCY);
});
