import { randomBytes } from 'node:crypto';
import { type SealContext, SecretBox } from '@owngateway/store';
import type { Db } from 'mongodb';
import type { World } from '../../e2e/open-world.ts';
import { openShops, type Shops } from '../../e2e/stories/shops.ts';
import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import { raiseEvent } from '../../parties/raise-event.ts';
import { openSender } from '../../parties/sender.ts';
import { openDatabase } from '../database.ts';
import type { FaultRow } from '../fault-row.ts';

/** What somebody who can write to the database, but has no key, may try with sealed secrets. */
export const tamperedSeals: FaultRow = {
  number: 85,
  group: 'G',
  fault: 'sealed secrets altered, cut, moved to another merchant, record or field, under another key version',
  bar: 'accepted 0; the others go on',
  short: true,
  async run({ openWorld, onEnd }) {
    const alone = tamperWithTexts();
    const world = await openWorld();
    const stored = await swapBetweenMerchants(world, await openDatabase(world, onEnd));
    const met = alone.accepted === 0 && stored.forgedTaken === 0 && stored.sentBySwapped === 0 && stored.othersGoOn;
    return {
      met,
      figure: [
        `${alone.tried} texts, accepted ${alone.accepted}`,
        `swapped in MongoDB: notifications taken ${stored.forgedTaken} of ${stored.forged}, requests sent ${stored.sentBySwapped}`,
        stored.othersGoOn ? 'the others go on' : 'THE OTHERS STAND STILL',
        `reported ${stored.reported}`,
      ].join(', '),
      figures: { tried: alone.tried, accepted: alone.accepted, ...stored },
    };
  },
};

function tamperWithTexts(): { tried: number; accepted: number } {
  const key = randomBytes(32);
  const box = new SecretBox([
    { version: 1, key: randomBytes(32) },
    { version: 2, key },
  ]);
  const place: SealContext = { tenant: 'merchant:m_1', recordId: 'sub_1', field: 'signing' };
  const sealed = box.seal(`whsec_${randomBytes(32).toString('base64')}`, place);
  const moves: Partial<SealContext>[] = [{ tenant: 'merchant:m_2' }, { recordId: 'sub_2' }, { field: 'headers' }];
  const tries = [
    ...variantsOf(sealed).map((text) => [text, place] as const),
    ...moves.map((move) => [sealed, { ...place, ...move }] as const),
  ];
  const opens = ([text, at]: readonly [string, SealContext]) => {
    try {
      box.open(text, at);
      return true;
    } catch {
      return false;
    }
  };
  if (!opens([sealed, place])) throw new Error('what was not altered must open');
  return { tried: tries.length, accepted: tries.filter(opens).length };
}

/** Every bit of every byte flipped, every cut of tag and ciphertext, other key versions, parts exchanged. */
function variantsOf(sealed: string): string[] {
  const [format = '', version = '', ...parts] = sealed.split('.');
  const bytes = parts.map((part) => Buffer.from(part, 'base64url'));
  const joined = (changed: readonly Buffer[], key = version) =>
    [format, key, ...changed.map((part) => part.toString('base64url'))].join('.');
  const variants: string[] = [
    joined(bytes, '1'),
    joined(bytes, '3'),
    joined(bytes, '02'),
    joined([...bytes].reverse()),
  ];
  bytes.forEach((part, place) => {
    const withPart = (other: Buffer) => joined(bytes.map((one, index) => (index === place ? other : one)));
    for (let bit = 0; bit < part.length * 8; bit++) {
      const flipped = Buffer.from(part);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      variants.push(withPart(flipped));
    }
    for (let length = 0; length < part.length; length++) variants.push(withPart(part.subarray(0, length)));
    variants.push(withPart(Buffer.concat([part, Buffer.from([0])])));
  });
  return variants;
}

interface RawRecord {
  _id: string;
  version: number;
  credentials?: string;
  signing?: unknown;
}

/** Two merchants whose sealed secrets are exchanged in the database, and a third who must not notice. */
async function swapBetweenMerchants(world: World, database: Db) {
  const [one, other, third] = [await shop(world, 'm_one'), await shop(world, 'm_other'), await shop(world, 'm_third')];
  const swap = async (
    collection: string,
    field: 'credentials' | 'signing',
    owner: string,
    values: [string, string],
  ) => {
    const records = database.collection<RawRecord>(collection);
    const [a, b] = await Promise.all(values.map((value) => records.findOne({ [owner]: value })));
    if (!a || !b) throw new Error(`${collection} has no two records`);
    const stamp = collection === 'subscriptions' ? { $currentDate: { changed_at: true } as const } : {};
    const $inc = { version: 1 };
    await records.updateOne({ _id: a._id }, { $set: { [field]: b[field] }, $inc, ...stamp });
    await records.updateOne({ _id: b._id }, { $set: { [field]: a[field] }, $inc, ...stamp });
  };
  await swap('connector_accounts', 'credentials', 'merchant_id', ['m_one', 'm_other']);
  await swap('subscriptions', 'signing', 'owner_key', ['merchant:m_one', 'merchant:m_other']);
  return await seeWhatBecomes(world, [one, other], third);
}

const shop = (world: World, id: string) => openShops(world, id, [`${id}-shop`]);

/** Signed with what now stands in the other's record: whoever opened it there would take it. */
async function seeWhatBecomes({ stack, operator }: World, [one, other]: [Shops, Shops], third: Shops) {
  const forger = openSender();
  const forged = [
    await forger.post({ ...one.account }, stripePayment('forged1', other.account.secret)),
    await forger.post({ ...other.account }, stripePayment('forged2', one.account.secret)),
  ];
  // Raised by the platform, so that there is something to deliver with the swapped secrets.
  for (const merchant_id of ['m_one', 'm_other']) await raiseEvent(stack, merchant_id);
  const sender = openSender();
  await sender.postUntilTaken(third.account, stripePayment('third', third.account.secret));
  const received = () => third.recipients[0]?.receipts.length ?? 0;
  const othersGoOn = await eventually(() => received() === 1, { what: 'the third shop', deadlineMs: 30_000 }).catch(
    () => false,
  );
  const { data } = await operator.get<{ data: { unreadable?: string[] }[] }>('/v1/subscriptions');
  return {
    forged: forged.length,
    forgedTaken: forged.filter((status) => status !== 401).length,
    sentBySwapped: [one, other].reduce((sum, { recipients }) => sum + (recipients[0]?.receipts.length ?? 0), 0),
    othersGoOn: othersGoOn === true,
    reported: data.filter(({ unreadable }) => unreadable?.includes('signing')).length,
  };
}
