import { type SealContext, SecretBox } from '@owngateway/store';
import type { Collection } from 'mongodb';
import type { World } from '../../e2e/open-world.ts';
import { openShops, type Shops } from '../../e2e/stories/shops.ts';
import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import type { DeliveryBody } from '../../parties/records.ts';
import { openSender, type Sender } from '../../parties/sender.ts';
import { openDatabase } from '../database.ts';
import type { FaultRow } from '../fault-row.ts';
import { judge } from '../judge.ts';

/** A subscription as it lies in MongoDB, past everything that checks it. */
interface Stored {
  _id: string;
  owner_key: string;
  version: number;
  [field: string]: unknown;
}

/** What makes a stored subscription one that nothing can be delivered by. */
const POISON: Record<string, (stored: Stored, box: SecretBox) => object> = {
  'no URL': () => ({ url: 'not a url' }),
  'a header of two lines': (stored, box) => ({
    headers: box.sealJson({ 'X-Shop': 'a\r\nhost: elsewhere.example' }, placeOf(stored, 'headers')),
  }),
  'an enum': () => ({ retry_policy: 'for-ever' }),
  'a number': () => ({ timeout_ms: 'long' }),
  'a seal': () => ({ authentication: 'v1.1.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA.AAAA' }),
  'no secret': () => ({ signing: null }),
};
const NOTIFICATIONS = 5;

export const poisonConfiguration: FaultRow = {
  number: 20,
  group: 'A',
  fault: `stored subscriptions with ${Object.keys(POISON).join(', ')} poisoned`,
  bar: 'each alone is out of use and seen to be, its deliveries held; the others flow; restarts 0; nothing lost once mended',
  short: true,
  async run({ openWorld, onEnd }) {
    const world = await openWorld();
    const subscriptions = (await openDatabase(world, onEnd)).collection<Stored>('subscriptions');
    const pids = world.stack.pids();
    const well = await openShops(world, 'm_well', ['well']);
    const poisoned = await Promise.all(
      Object.keys(POISON).map((_name, index) => openShops(world, `m_poison_${index}`, [`poison-${index}`])),
    );
    const mend = await poison(subscriptions, poisoned, boxOf(world));

    const sender = openSender();
    for (const shop of [well, ...poisoned]) await notify(sender, shop);
    await untilReceived([well]);
    const held = await eventually(
      async () => {
        const deliveries = await world.operator.list<DeliveryBody>('/v1/deliveries', { status: 'held' });
        return deliveries.length === poisoned.length * NOTIFICATIONS && deliveries.length;
      },
      { what: 'all held', deadlineMs: 30_000 },
    ).catch(() => 0);
    const seen = await unusable(world);
    const sentMeanwhile = requestsOf(poisoned);

    await mend();
    await untilReceived(poisoned).catch(() => undefined);
    const recipients = [well, ...poisoned].flatMap((shop) => shop.recipients);
    const { met, figure, figures } = await judge(world, { acked: sender.acked, recipients, maxDuplicates: 0 });
    const restarted = Object.entries(world.stack.pids()).filter(
      ([name, pid]) => pids[name as keyof typeof pids] !== pid,
    );
    const left = await unusable(world);
    return {
      met:
        met &&
        held === poisoned.length * NOTIFICATIONS &&
        seen === poisoned.length &&
        sentMeanwhile === 0 &&
        left === 0 &&
        restarted.length === 0,
      figure: [
        `${seen} of ${poisoned.length} seen as unusable, ${held} held, sent ${sentMeanwhile}`,
        `after mending unusable ${left}, ${figure}`,
        `restarts ${restarted.length}`,
      ].join('; '),
      figures: {
        ...figures,
        poisoned: poisoned.length,
        seen,
        held,
        sent: sentMeanwhile,
        left,
        restarts: restarted.length,
      },
    };
  },
};

/** Poisons each in its way; the answer puts back what was there. Both leave the mark of a change, as every writer does. */
async function poison(subscriptions: Collection<Stored>, shops: readonly Shops[], box: SecretBox) {
  const before: Stored[] = [];
  for (const [index, spoil] of Object.values(POISON).entries()) {
    const stored = await subscriptions.findOne({ _id: shops[index]?.recipients[0]?.subscriptionId ?? '' });
    if (stored === null) throw new Error('a subscription is gone');
    before.push(stored);
    await replace({ ...stored, ...spoil(stored, box), version: stored.version + 1 });
  }
  function replace(changed: Stored) {
    return subscriptions.replaceOne({ _id: changed._id }, { ...changed, changed_at: new Date() });
  }
  return async () => {
    for (const stored of before) await replace({ ...stored, version: stored.version + 2 });
  };
}

async function notify(sender: Sender, { account, id }: Shops): Promise<void> {
  for (let index = 0; index < NOTIFICATIONS; index += 1)
    await sender.postUntilTaken(account, stripePayment(`${id}${index}`, account.secret));
}

const requestsOf = (shops: readonly Shops[]) =>
  shops.flatMap(({ receivers }) => receivers).reduce((sum, { receipts }) => sum + receipts.length, 0);

async function untilReceived(shops: readonly Shops[]): Promise<void> {
  await eventually(() => requestsOf(shops) >= shops.length * NOTIFICATIONS, {
    what: 'everything received',
    deadlineMs: 60_000,
  });
}

/** What the dispatcher counts of them for its operator. */
async function unusable({ stack }: World): Promise<number> {
  const metrics = await (await fetch(`${stack.services.dispatcher.url}/metrics`)).text();
  return Number(/^subscriptions_unusable\S* (\S+)$/m.exec(metrics)?.[1]);
}

function boxOf({ stack }: World): SecretBox {
  const [version = '', key = ''] = stack.secrets.encryption_keys.split(':');
  return new SecretBox([{ version: Number(version), key: Buffer.from(key, 'base64') }]);
}

function placeOf({ _id, owner_key }: Stored, field: string): SealContext {
  return { tenant: owner_key, recordId: _id, field };
}
