import { findConnector } from '@owngateway/connectors';
import { openShops } from '../../e2e/stories/shops.ts';
import { goCardlessPayments, stripePayment } from '../../parties/notifications.ts';
import { connectAccount } from '../../parties/onboarding.ts';
import { atRate, inLanes, openSender } from '../../parties/sender.ts';
import { openDatabase } from '../database.ts';
import type { FaultRow } from '../fault-row.ts';
import { craftedForgeries, randomForgeries } from './forged.ts';
import { describeStatuses, openPoster, type Post } from './poster.ts';
import { countsOf } from './stored.ts';

const FORGERIES = 100_000;
/** So many of them over HTTP; the others straight at the same function. (The contract suite does as much to every connector.) */
const POSTED = Number(process.env.FAULTS_POSTED ?? 25_000);
const POSTED_SHORT = 2_000;
const SEED = Number(process.env.FORGERY_SEED ?? 20_261_121);
const LANES = 64;
const GENUINE_PER_S = 5;

/** As many forgeries as a stranger can send, while the real connector goes on. */
export const forgedSignatures: FaultRow = {
  number: 64,
  group: 'E',
  fault: `${FORGERIES} forgeries of notifications that are genuine but for one change, ${POSTED} of them posted (${POSTED_SHORT} in the short form)`,
  bar: 'none accepted, each refused or put off; of the genuine ones meanwhile all accepted, and nothing else kept',
  short: true,
  async run({ short, openWorld, onEnd }) {
    const world = await openWorld();
    const { account: stripe } = await openShops(world, 'm_forged', ['forged']);
    const goCardless = await connectAccount(world.operator, 'm_forged', 'gocardless');
    const database = await openDatabase(world, onEnd);
    const poster = openPoster(stripe.url, LANES, onEnd);
    const genuine = stripePayment('forged', stripe.secret);
    const batch = goCardlessPayments('forged', 2, goCardless.secret);

    const accepted: Post[] = [];
    const unlike = new Map<number, number>();
    const tryOne = async (post: Post) => {
      const status = await poster.post(post);
      if (status >= 200 && status < 300) accepted.push(post);
      // 503: verified, refused, and too many were asking to be told so at once.
      if (status !== 401 && status !== 503) unlike.set(status, (unlike.get(status) ?? 0) + 1);
    };
    // Crafted ones first, before the stranger has used up everybody's turns: these must hear 401.
    const crafted = craftedForgeries(stripe, genuine);
    for (const post of crafted) await tryOne(post);
    const refused = poster.statuses.get(401) ?? 0;

    const posted = short ? POSTED_SHORT : POSTED;
    const ofStripe = randomForgeries(stripe, genuine, 'stripe-signature', SEED);
    const ofGoCardless = randomForgeries(goCardless, batch, 'webhook-signature', SEED + 1);
    const sender = openSender();
    let flooding = true;
    const meanwhile = (async () => {
      for (let second = 0; flooding; second += 1) {
        await atRate(GENUINE_PER_S, GENUINE_PER_S, async (index) => {
          await sender.post(stripe, stripePayment(`real${second}x${index}`, stripe.secret));
        });
      }
    })();
    await inLanes(posted, LANES, async (index) => {
      await tryOne((index % 2 === 0 ? ofStripe : ofGoCardless).next().value);
    });
    flooding = false;
    await meanwhile;
    const verified = verifiedOf(FORGERIES - posted, 'stripe', [{ signing_secret: stripe.secret }], ofStripe);

    const { events, notifications } = await countsOf(database, 'm_forged');
    const sent = sender.durationsMs.length;
    const taken = sender.acked.length;
    return {
      met:
        accepted.length === 0 &&
        verified === 0 &&
        unlike.size === 0 &&
        refused === crafted.length &&
        taken === sent &&
        events === sent &&
        notifications === sent,
      figure: [
        `accepted ${accepted.length} of ${crafted.length + posted} posted (${describeStatuses(poster.statuses)}) and ${verified} of ${FORGERIES - posted} others`,
        `genuine meanwhile ${taken}/${sent}, kept ${notifications}`,
        ...(accepted[0] === undefined ? [] : [`first: ${JSON.stringify(accepted[0].headers)}`]),
      ].join('; '),
      figures: {
        accepted: accepted.length + verified,
        refused_crafted: refused,
        crafted: crafted.length,
        genuine: sent,
        taken,
        events,
      },
    };
  },
};

/** How many of so many forgeries the connector's own check takes for genuine. */
function verifiedOf(
  count: number,
  connector: string,
  credentials: unknown[],
  forgeries: Iterator<Post, never>,
): number {
  const { verify, settingsSchema } = findConnector(connector) ?? {};
  if (verify === undefined) throw new Error(`there is no connector ${connector}`);
  const settings = settingsSchema?.parse({});
  const now = new Date();
  let found = 0;
  for (let tried = 0; tried < count; tried += 1) {
    const { url, body, headers } = forgeries.next().value;
    const lists = Object.entries(headers).map(([name, value]) => [name, [value].flat()] as const);
    const raw = { method: 'POST', headers: Object.fromEntries(lists), query: '', body: Buffer.from(body), url };
    if (verify(raw, credentials, settings, now).ok) found += 1;
  }
  return found;
}
