import { openBalancer } from '../balancer.ts';
import type { FaultRow } from '../fault-row.ts';
import { judge, together } from '../judge.ts';
import { startTraffic } from '../traffic.ts';
import { BOUNDED, ownDispatchers } from './own-dispatchers.ts';

const NOTIFICATIONS = 2_000;

/** A new version of everything, while the connectors go on. */
export const rollingRestart: FaultRow = {
  number: 5,
  group: 'A',
  fault: 'two ingresses and two dispatchers replaced one by one, behind a balancer',
  bar: 'every notification answered 2xx at once, lost 0, twice 0',
  short: false,
  async run({ openWorld, onEnd }) {
    const world = await openWorld(BOUNDED);
    const dispatchers = await ownDispatchers(world, 2);
    const ingresses = [await world.addReplica('ingress'), await world.addReplica('ingress')];
    const balancer = await openBalancer(ingresses.map(({ url }) => url));
    onEnd(() => balancer.close());
    const traffic = await startTraffic(world, {
      name: 'rolled',
      notifications: NOTIFICATIONS,
      perSecond: 50,
      ingressUrl: balancer.url,
      mode: { kind: 'slow', ms: 30 },
    });
    const codes: (number | null)[] = [];
    for (let step = 1; step <= 2; step += 1) {
      await traffic.untilTaken(step * 150);
      const ingress = ingresses.shift();
      ingresses.push(await world.addReplica('ingress'));
      // A balancer takes a replica out before it is asked to end (`preStop` in k8s/base).
      balancer.use(ingresses.map(({ url }) => url));
      ingress?.kill('SIGTERM');
      codes.push((await ingress?.ended) ?? null);
      const dispatcher = dispatchers.shift();
      dispatchers.push(await world.addReplica('dispatcher'));
      dispatcher?.kill('SIGTERM');
      codes.push((await dispatcher?.ended) ?? null);
    }
    const leftOver = NOTIFICATIONS - traffic.durationsMs.length;
    await traffic.sent;
    const refused = [...traffic.answers].filter(([status]) => status !== 200);
    const refusals = refused.reduce((sum, [, count]) => sum + count, 0);
    const detail = refused.map(([status, count]) => `${status} x ${count}`).join(', ');
    return together(await judge(world, { ...traffic, maxDuplicates: 0 }), {
      met: refusals === 0 && codes.every((code) => code === 0) && leftOver > 0,
      figure: `${refusals} other answers than 200${detail && ` (${detail})`}, exit codes ${codes.join(' ')}`,
      figures: { refusals, exit_codes: codes.join(' '), sent_after_last_stop: leftOver },
    });
  },
};
