import { setTimeout as pause } from 'node:timers/promises';
import { connectAccount } from '../../parties/onboarding.ts';
import { inLanes } from '../../parties/sender.ts';
import type { FaultRow } from '../fault-row.ts';
import { openPoster } from './poster.ts';
import { sameDistribution } from './same-distribution.ts';
import { requestText, stripeBody, stripeHeaders } from './signed.ts';
import { openWire } from './wire.ts';

/** Of each kind; `FAULTS_TIMINGS=10000` takes the number of the plan, in two minutes. */
const TIMINGS = Number(process.env.FAULTS_TIMINGS ?? 2_500);
const LANES = 6;
/** An attacker asks at any moment, not when the last answer came. */
const SPREAD_MS = 10;
/** Below this two kinds are suspected, and looked at again: one in a hundred honest comparisons is below it. */
const ALARM_P = 0.01;
/** What a second look must say to clear them. */
const CLEAR_P = 0.05;
/** What the instrument is shown to see. */
const CONTROL_MS = 1;

const MERCHANT = 'm_known';

/** Whoever asks whether a merchant is a customer here, or with whom it has an account. */
export const enumeration: FaultRow = {
  number: 66,
  group: 'E',
  fault: `the same request to unknown, known and disabled accounts, ${TIMINGS} timings of each`,
  bar: `answers equal byte for byte but for date and request id; no two distributions of times differ, not at the second look either (KS, p < ${ALARM_P}, then ${CLEAR_P})`,
  short: true,
  async run({ short, openWorld, onEnd }) {
    const world = await openWorld();
    await world.merchant(MERCHANT);
    const account = await connectAccount(world.operator, MERCHANT, 'stripe');
    const off = await world.operator.post<{ webhook_url: string }>('/v1/connector-accounts', {
      merchant_id: MERCHANT,
      connector: 'stripe',
      name: 'stripe-2',
      credentials: [{ signing_secret: account.secret }],
      status: 'disabled',
    });
    const body = stripeBody('enumerated');
    const genuine = stripeHeaders(body, account.secret);
    const forged = stripeHeaders(body, 'whsec_of_nobody');
    const kinds: readonly Kind[] = [
      { name: 'unknown merchant', url: account.url.replace(MERCHANT, 'm_nowho'), headers: forged },
      { name: 'unknown account', url: account.url.replace(/stripe$/, 'stripe-9'), headers: forged },
      { name: 'forged for a known account', url: account.url, headers: forged },
      { name: 'genuine for a disabled account', url: off.webhook_url, headers: genuine },
    ];

    const answers = new Map<string, string>();
    for (const kind of kinds) answers.set(kind.name, await answerTo(kind, body));
    const unlike = kinds.filter(({ name }) => answers.get(name) !== answers.get(kinds[0]?.name ?? ''));
    const isRefusal = answers.get(kinds[0]?.name ?? '')?.startsWith('401') === true;
    const same = {
      met: unlike.length === 0 && isRefusal,
      figure: `${kinds.length - unlike.length} of ${kinds.length} answers equal${unlike.length > 0 ? `, not ${unlike[0]?.name}` : ''}`,
      figures: { kinds: kinds.length, unlike: unlike.length },
    };
    if (short) return same;

    const poster = openPoster(account.url, LANES, onEnd);
    const measure = async () => {
      const times = await timesOf(kinds, (kind) => poster.post({ ...kind, body }));
      const [base = []] = times;
      return { base, ps: times.slice(1).map((sample) => sameDistribution(base, sample)) };
    };
    const first = await measure();
    const isSuspect = first.ps.some((p) => p < ALARM_P);
    const second = isSuspect ? await measure() : first;
    const told = first.ps.filter((p, index) => p < ALARM_P && (second.ps[index] ?? 1) < CLEAR_P).length;
    const control = sameDistribution(
      first.base,
      first.base.map((ms) => ms + CONTROL_MS),
    );
    const put = poster.statuses.size === 1 && poster.statuses.has(401);
    return {
      met: same.met && told === 0 && control < ALARM_P && put,
      figure: `${same.figure}; p of times against an unknown merchant's: ${kinds
        .slice(1)
        .map(
          ({ name }, index) =>
            `${name} ${first.ps[index]?.toFixed(3)}${isSuspect ? ` then ${second.ps[index]?.toFixed(3)}` : ''}`,
        )
        .join(', ')}; ${CONTROL_MS} ms more would give ${control.toExponential(0)}`,
      figures: {
        ...same.figures,
        timings: TIMINGS,
        told_apart: told,
        control_p: control,
        ...Object.fromEntries(first.ps.map((p, index) => [`p_${index + 1}`, p])),
      },
    };
  },
};

interface Kind {
  name: string;
  url: string;
  headers: Record<string, string>;
}

/** Everything that comes back, without what differs between any two answers. */
async function answerTo({ url, headers }: Kind, body: string): Promise<string> {
  const wire = await openWire(url);
  wire.write(requestText(url, body, headers));
  const [answer] = await wire.untilAnswers(1);
  wire.socket.destroy();
  const head = answer?.head.replace(/^date: .*$/im, 'date').replace(/^x-request-id: req_[0-9a-f-]{36}$/im, 'id');
  return `${answer?.status} ${head} ${answer?.body}`;
}

/** In turns, so that what the machine does meanwhile is done to all of them. */
async function timesOf(kinds: readonly Kind[], post: (kind: Kind) => Promise<unknown>): Promise<number[][]> {
  const times: number[][] = kinds.map(() => []);
  await inLanes(TIMINGS * kinds.length, LANES, async (index) => {
    const kind = kinds[index % kinds.length];
    if (kind === undefined) return;
    await pause(Math.random() * SPREAD_MS);
    const startedAt = performance.now();
    await post(kind);
    times[index % kinds.length]?.push(performance.now() - startedAt);
  });
  return times;
}
