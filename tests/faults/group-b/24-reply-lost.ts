import { openShops } from '../../e2e/stories/shops.ts';
import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import type { EventBody } from '../../parties/records.ts';
import { inLanes, openSender } from '../../parties/sender.ts';
import type { FaultRow } from '../fault-row.ts';
import { judge } from '../judge.ts';
import { addIngressBehindProxy } from './ingress-behind-proxy.ts';

const LANES = 32;
const SPOILT_MS = 400;

/** MongoDB writes, and its answer never arrives: ingress cannot know, so it or the connector comes again with the same keys. */
export const replyLost: FaultRow = {
  number: 24,
  group: 'B',
  fault: 'MongoDB writes the events and its answers are lost',
  bar: 'lost 0, each fact stored once',
  short: true,
  async run({ short, openWorld, onEnd }) {
    const notifications = short ? 300 : 2_000;
    const rounds = short ? 6 : 4;
    const world = await openWorld();
    const { account, recipients } = await openShops(world, 'm_reply', ['reply-shop']);
    const { proxy, ingress, at } = await addIngressBehindProxy(world, onEnd);
    const to = at(account);
    const sender = openSender();
    const sending = inLanes(notifications, LANES, (index) =>
      sender.postUntilTaken(to, stripePayment(`reply${index}`, to.secret), 120_000),
    );
    const writtenAgain = () => ingress.output().split('it is written again').length - 1;
    for (let round = 1; round <= rounds; round += 1) {
      // Now and then nothing is being written at the moment; one time that it struck is enough for the short form.
      if (short && writtenAgain() > 0) break;
      const count = Math.floor((notifications * round) / (rounds + 1));
      await eventually(() => sender.acked.length >= count, {
        what: `${count} taken`,
        deadlineMs: 90_000,
        intervalMs: 2,
      });
      proxy.spoil({ dropReplies: true });
      await new Promise((resolve) => setTimeout(resolve, SPOILT_MS));
      // The connection ends without the answers, as it does when a server or a network goes away.
      proxy.cut();
      proxy.spoil({});
    }
    await sending;
    const found = await judge(world, { acked: sender.acked, recipients, maxDuplicates: 0 });
    const events = await world.operator.list<EventBody>('/v1/events', { merchant_id: 'm_reply' });
    const again = writtenAgain();
    return {
      met: found.met && events.length === notifications && again > 0,
      figure: `${found.figure}; groups written again ${again}, ${events.length} events for ${notifications} facts`,
      figures: { ...found.figures, groups_written_again: again, events: events.length },
    };
  },
};
