import { freePort, type ServiceName, settingsFor } from '@owngateway/local-stack';
import { spawnService } from '../../parties/service-process.ts';
import type { FaultRow } from '../fault-row.ts';
import { withRedis } from './with-redis.ts';

const POLICIES = ['allkeys-lru', 'volatile-ttl'];
const SERVICES: readonly ServiceName[] = ['ingress', 'dispatcher'];

/** A Redis that may throw jobs away is worse than none, and nobody would notice. */
export const evictionRefused: FaultRow = {
  number: 18,
  group: 'A',
  fault: 'Redis with an eviction policy',
  bar: 'ingress and dispatcher refuse to start and name the policy',
  short: true,
  async run({ openWorld, onEnd }) {
    const world = await openWorld();
    const refused: string[] = [];
    for (const policy of POLICIES) {
      await withRedis(world.stack.stores.redis.url, (redis) => redis.config('SET', 'maxmemory-policy', policy));
      for (const name of SERVICES) {
        const settings = settingsFor(name, world.stack.settings);
        const service = spawnService(name, { ...settings, PORT: String(await freePort()) });
        onEnd(() => service.kill('SIGKILL'));
        const code = await service.ended;
        if (code === 1 && service.output().includes(`noeviction, but it is set to \\"${policy}\\"`)) {
          refused.push(`${name} ${policy}`);
        }
      }
    }
    const starts = POLICIES.length * SERVICES.length;
    return {
      met: refused.length === starts,
      figure: `${refused.length} of ${starts} starts refused with exit code 1`,
      figures: { starts, refused: refused.length },
    };
  },
};
