import { sharedWorld } from './open-world.ts';
import { batchesStory } from './stories/batches.ts';
import { failingReceiversStory } from './stories/failing-receivers.ts';
import { firstEventStory } from './stories/first-event.ts';
import { hierarchyStory } from './stories/hierarchy.ts';
import { inHouseProviderStory } from './stories/in-house-provider.ts';
import { lateReversalStory } from './stories/late-reversal.ts';

jest.setTimeout(60_000);

describe('what merchants live through', () => {
  const world = sharedWorld();

  firstEventStory(world);
  failingReceiversStory(world);
  batchesStory(world);
  hierarchyStory(world);
  lateReversalStory(world);
  inHouseProviderStory(world);
});
