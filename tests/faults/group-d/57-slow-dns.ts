import { stripePayment } from '../../parties/notifications.ts';
import { type ConnectedAccount, connectAccount } from '../../parties/onboarding.ts';
import type { SubscriptionBody } from '../../parties/records.ts';
import { atRate, inLanes, openSender } from '../../parties/sender.ts';
import { openDatabase } from '../database.ts';
import { startNameServer } from '../dns-server.ts';
import type { FaultRow } from '../fault-row.ts';
import { describeTurns, figuresOf, inTurns, isWithin, withinText } from '../latency/in-turns.ts';
import { type Market, openMarket } from '../latency/market.ts';
import { openOwnStore, subscribeDirectly } from '../own-store.ts';
import { openPatientReceiver } from '../patient-receiver.ts';

const SLOW = '.slow.faults.example';
const QUICK = '.quick.faults.example';
const SLOW_HOSTS = 200;
/** Each of them has as many slow hosts as the others; an event of theirs goes to all of its merchant's. */
const SLOW_MERCHANTS = 20;
const SLOW_EVENTS_PER_S = 4;
const NAME_SERVER_TAKES_MS = 30_000;

/** So many that each one's connection has been idle for too long when its next event comes: every delivery asks for its name. */
const MERCHANTS = 200;
const PER_SECOND = 50;
const SECONDS = 8;
/** Within three seconds the slow ones would have taken all of it, if each waited for as long as its delivery may. */
const IN_FLIGHT = 100;
const BAR = 1.2;

/** `DNS_BUDGET_MS`, and what a busy machine adds to a timer. */
const BUDGET_MS = 2_000 + 500;

/** Merchants whose name servers take half a minute, beside others whose names are asked for every second. */
export const slowDns: FaultRow = {
  number: 57,
  group: 'D',
  fault: `${SLOW_HOSTS} hosts whose name server takes ${NAME_SERVER_TAKES_MS / 1_000} s, ${(SLOW_EVENTS_PER_S * SLOW_HOSTS) / SLOW_MERCHANTS} deliveries/s to them`,
  bar: `others' p99 ${withinText(BAR)}; no attempt waits longer than ${BUDGET_MS / 1_000} s for a name`,
  short: false,
  async run(surroundings) {
    let isSlow = false;
    const names = await startNameServer((name) => ({
      a: ['127.0.0.1'],
      ttlS: 1,
      ...(isSlow && name.endsWith(SLOW) && { delayMs: NAME_SERVER_TAKES_MS }),
    }));
    surroundings.onEnd(() => names.close());
    // Without the fault these fail too, so that there are as many retries and dead letters: what is compared is the name server.
    const receiver = await openPatientReceiver(surroundings.onEnd, { closes: true, status: 500 });
    const market = await openMarket(surroundings, {
      merchants: MERCHANTS,
      perSecond: PER_SECOND,
      settings: { DNS_SERVERS: names.address, DELIVERY_CONCURRENCY: String(IN_FLIGHT) },
    });
    await giveNames(market);
    const accounts = await addSlowMerchants(market, receiver.port, surroundings.onEnd);
    const sender = openSender();
    let sent = 0;
    /** Events of the slow merchants for as long as the others are measured. */
    async function measureBeside(): Promise<number> {
      const measured = market.measure(SECONDS);
      await atRate(SLOW_EVENTS_PER_S * SECONDS, SLOW_EVENTS_PER_S, async () => {
        sent += 1;
        const account = accounts[sent % SLOW_MERCHANTS];
        if (account !== undefined) await sender.postUntilTaken(account, stripePayment(`slow${sent}`, account.secret));
      });
      return measured;
    }
    await measureBeside();
    const turns = await inTurns({
      turns: 3,
      baseline: measureBeside,
      async fault() {
        isSlow = true;
        const p99 = await measureBeside();
        isSlow = false;
        await market.untilQuiet();
        return p99;
      },
    });
    const { failures, longestMs } = await waitsForNames(market, surroundings.onEnd);
    return {
      met: isWithin(BAR, turns) && failures > 0 && longestMs <= BUDGET_MS,
      figure: `${describeTurns(turns)}, ${failures} attempts gave up on a name, after ${longestMs} ms at the most`,
      figures: { ...figuresOf(turns), gave_up: failures, longest_wait_ms: longestMs },
    };
  },
};

/** The endpoints by names that are good for a second, so that the others depend on the name system too. */
async function giveNames({ world, measure }: Market): Promise<void> {
  const subscriptions = await world.operator.list<SubscriptionBody>('/v1/subscriptions');
  await inLanes(subscriptions.length, 8, async (index) => {
    const { id, url } = subscriptions[index] as SubscriptionBody;
    await world.operator.patch(`/v1/subscriptions/${id}`, { url: url.replace('127.0.0.1', `m${index}${QUICK}`) });
  });
  await measure(SECONDS);
}

async function addSlowMerchants(
  { world }: Market,
  port: number,
  onEnd: (end: () => unknown) => void,
): Promise<ConnectedAccount[]> {
  const store = await openOwnStore(world, onEnd);
  const accounts: ConnectedAccount[] = [];
  for (let index = 0; index < SLOW_MERCHANTS; index += 1) {
    const id = `m_slow_${index}`;
    await world.merchant(id);
    accounts.push(await connectAccount(world.operator, id, 'stripe'));
  }
  await inLanes(SLOW_HOSTS, 8, (index) =>
    subscribeDirectly(store, `m_slow_${index % SLOW_MERCHANTS}`, `http://h${index}${SLOW}:${port}/`),
  );
  return accounts;
}

/** Attempts that ended because no name server answered, as the gateway recorded them. */
async function waitsForNames({ world }: Market, onEnd: (end: () => unknown) => void) {
  const database = await openDatabase(world, onEnd);
  const found = await database
    .collection<{ attempts: { outcome: string; duration_ms: number }[] }>('deliveries')
    .find({ 'attempts.outcome': 'dns_error' }, { projection: { attempts: 1 } })
    .toArray();
  const waits = found.flatMap(({ attempts }) =>
    attempts.filter(({ outcome }) => outcome === 'dns_error').map(({ duration_ms }) => duration_ms),
  );
  return { failures: waits.length, longestMs: Math.max(0, ...waits) };
}
