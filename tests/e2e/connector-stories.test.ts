import { sharedWorld } from './open-world.ts';
import { handshakeStory } from './stories/handshake.ts';
import { lookedUpStory } from './stories/looked-up.ts';

jest.setTimeout(120_000);

describe('what connectors ask and tell', () => {
  const world = sharedWorld();

  handshakeStory(world);
  lookedUpStory(world);
});
