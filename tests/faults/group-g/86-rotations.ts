import { setTimeout as pause } from 'node:timers/promises';
import type { World } from '../../e2e/open-world.ts';
import { openShops } from '../../e2e/stories/shops.ts';
import type { Recipient } from '../../invariants/check-invariants.ts';
import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import { madeUpSecrets } from '../../parties/onboarding.ts';
import type { Receipt } from '../../parties/receiver.ts';
import { atRate, openSender, type Sender } from '../../parties/sender.ts';
import { judgeSignatures } from '../../parties/signature-verdict.ts';
import type { FaultRow } from '../fault-row.ts';
import { judge } from '../judge.ts';

const OVERLAP_S = 3;
const ROTATIONS = 3;
/** Two clocks are compared, the database's and the dispatcher's, and signatures know whole seconds. */
const TOLERANCE_MS = 1_000;
/** The longest that ingress goes on with a credential that was taken away, and the time to ask. */
const CREDENTIAL_GONE_MS = 32_000;

/** Secrets change while events flow: those that sign deliveries, then those that notifications are signed with. */
export const rotations: FaultRow = {
  number: 86,
  group: 'G',
  fault:
    'signing secrets and connector credentials rotated under load; receivers verify with standardwebhooks and stripe',
  bar: 'failures 0, lost 0, an old secret is refused after its window',
  short: true,
  async run({ short, openWorld }) {
    const world = await openWorld();
    const { api, account, recipients } = await openShops(world, 'm_rotates', ['rotates']);
    const [recipient] = recipients;
    if (recipient === undefined) throw new Error('there is one');
    const held: HeldSecret[] = [await currentOf(world, recipient.subscriptionId)];
    const credentials = [account.secret];
    const sender = openSender();
    let goesOn = true;
    // Each of the credentials that are valid at the time, in turn.
    const sending = atRate(short ? 300 : 1_200, short ? 20 : 60, (index) => {
      const secret = credentials[index % credentials.length] ?? '';
      return goesOn
        ? sender.postUntilTaken(account, stripePayment(`rotates${index}`, secret), 5_000)
        : Promise.resolve();
    });
    sending.catch(() => undefined);
    await eventually(() => recipient.receipts.length > 5, { what: 'events', deadlineMs: 60_000 });

    for (let rotation = 0; rotation < ROTATIONS; rotation++) {
      await rotate(world, recipient.subscriptionId, held);
      // The second rotation finds the first one's old secret still signing.
      await pause(rotation === 0 ? 1_000 : (OVERLAP_S + 1.5) * 1_000);
    }
    const { id } = (await api.get<{ data: { id: string }[] }>('/v1/connector-accounts')).data[0] ?? { id: '' };
    const [old = '', fresh] = [account.secret, madeUpSecrets.stripe()];
    const give = (secrets: string[]) =>
      api.patch(`/v1/connector-accounts/${id}`, { credentials: secrets.map((signing_secret) => ({ signing_secret })) });
    await give([old, fresh]);
    credentials.push(fresh);
    await pause(2_000);
    credentials.shift();
    await give([fresh]);
    await pause(1_000);
    goesOn = false;
    await sending;
    const refusedNotifications = sender.answers.get(401) ?? 0;
    const goneAfterMs = short ? null : await untilRefused(sender, account, old);

    const holders = recipients.map((one) => asHolderOf(held, one));
    const finding = await judge(world, { acked: sender.acked, recipients: holders, maxDuplicates: 0 });
    const seen = countVerdicts(recipient.receipts, held);
    const met =
      finding.met &&
      seen.failures === 0 &&
      seen.oldAccepted === 0 &&
      seen.underBoth > 0 &&
      seen.afterWindow > 0 &&
      refusedNotifications === 0 &&
      (goneAfterMs === null || goneAfterMs <= CREDENTIAL_GONE_MS);
    return {
      met,
      figure: [
        `${seen.requests} requests over ${ROTATIONS} rotations, failures ${seen.failures}`,
        `${seen.underBoth} under both secrets, old accepted after its window ${seen.oldAccepted} of ${seen.afterWindow}`,
        `notifications refused ${refusedNotifications}`,
        ...(goneAfterMs === null ? [] : [`old credential refused after ${(goneAfterMs / 1000).toFixed(1)} s`]),
        finding.figure,
      ].join(', '),
      figures: { ...finding.figures, ...seen, notifications_refused: refusedNotifications, gone_after_ms: goneAfterMs },
    };
  },
};

/** A secret as the receiver holds it: from when, and until when the gateway promised to sign with it. */
interface HeldSecret {
  secret: string;
  fromMs: number;
  untilMs: number;
}

async function currentOf({ operator }: World, id: string): Promise<HeldSecret> {
  const { secret } = await operator.get<{ secret: string }>(`/v1/subscriptions/${id}/secret`);
  return { secret, fromMs: 0, untilMs: Number.POSITIVE_INFINITY };
}

async function rotate({ operator }: World, id: string, held: HeldSecret[]): Promise<void> {
  const answer = await operator.post<{ secret: string; previous_expires_at: string }>(
    `/v1/subscriptions/${id}/rotate-secret`,
    { expire_previous_in_s: OVERLAP_S },
  );
  const untilMs = Date.parse(answer.previous_expires_at);
  for (const one of held) one.untilMs = Math.min(one.untilMs, untilMs);
  held.push({ secret: answer.secret, fromMs: Date.now(), untilMs: Number.POSITIVE_INFINITY });
}

function countVerdicts(receipts: readonly Receipt[], held: readonly HeldSecret[]) {
  const counts = { requests: receipts.length, failures: 0, underBoth: 0, afterWindow: 0, oldAccepted: 0 };
  for (const { body, headers } of receipts) {
    const signedMs = Number(headers['webhook-timestamp']) * 1000;
    const verdicts = held.map(({ secret }) => judgeSignatures(body, headers, secret));
    const accepted = verdicts.map(({ standardWebhooks, stripe }) => standardWebhooks && stripe);
    // Every secret whose window surely holds the moment must verify, with both libraries.
    const missing = held.some(({ fromMs, untilMs }, index) => {
      // What was taken up before a rotation may still go out without the new secret, not without the old one.
      const isNewest = index > 0 && signedMs < fromMs + TOLERANCE_MS;
      return signedMs + TOLERANCE_MS < untilMs && signedMs >= fromMs && !isNewest && !accepted[index];
    });
    const tooLate = held.map(({ untilMs }) => signedMs > untilMs + TOLERANCE_MS);
    if (missing || !accepted.includes(true)) counts.failures += 1;
    if (accepted.filter(Boolean).length > 1) counts.underBoth += 1;
    if (tooLate.includes(true)) counts.afterWindow += 1;
    if (verdicts.some(({ standardWebhooks, stripe }, index) => tooLate[index] && (standardWebhooks || stripe))) {
      counts.oldAccepted += 1;
    }
  }
  return counts;
}

/** The receiver as one who accepts what any of its secrets verifies, as merchants do while they rotate. */
function asHolderOf(held: readonly HeldSecret[], recipient: Recipient): Recipient {
  const judged = (receipt: Receipt): Receipt => {
    const verdicts = held.map(({ secret }) => judgeSignatures(receipt.body, receipt.headers, secret));
    const signatures = {
      standardWebhooks: verdicts.some(({ standardWebhooks }) => standardWebhooks),
      stripe: verdicts.some(({ stripe }) => stripe),
    };
    return { ...receipt, signatures };
  };
  return {
    ...recipient,
    get receipts() {
      return recipient.receipts.map(judged);
    },
  };
}

/** The account stays in use meanwhile, as a busy one does; what is still taken is the gateway's to deliver too. */
async function untilRefused(
  sender: Sender,
  account: { merchantId: string; url: string },
  old: string,
): Promise<number> {
  const startedAt = performance.now();
  let index = 0;
  await eventually(async () => (await sender.post(account, stripePayment(`late${index++}`, old))) === 401, {
    what: 'the old credential refused',
    deadlineMs: 2 * CREDENTIAL_GONE_MS,
    intervalMs: 250,
  });
  return performance.now() - startedAt;
}
