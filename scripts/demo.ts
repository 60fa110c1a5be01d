// `npm run demo`: what the gateway does, told on the terminal in under a minute. Exits with 0 when everything in the story
// was as it should be.
import { LocalStackError } from '@owngateway/local-stack';
import { checkInvariants } from '../tests/invariants/check-invariants.ts';
import { gatherRun } from '../tests/invariants/gather-run.ts';
import { factKey } from '../tests/parties/fact.ts';
import { openSender, type Sender } from '../tests/parties/sender.ts';
import { type Cast, introduce } from './demo/cast.ts';
import { replayDeadLetters, watchDeliveries } from './demo/deliveries-out.ts';
import { type Gateway, openGateway } from './demo/gateway.ts';
import { createNarrator } from './demo/narrator.ts';
import { sendNotifications } from './demo/notifications-in.ts';

const startedAt = performance.now();
const narrator = createNarrator(process.stdout, process.env);
/** What has to be ended, last begun first. */
const steps: (() => Promise<void>)[] = [];

/** What the reader does next. */
let next = 'README.md, "Your first event"';

async function tell(): Promise<void> {
  narrator.chapter('A gateway');
  const gateway = await openGateway(narrator);
  steps.push(() => gateway.close());
  if (!gateway.goesOn) next = `npm start, then ${next}`;

  narrator.chapter('A merchant and its servers');
  const cast = await introduce(gateway, narrator);
  steps.push(() => cast.close());

  narrator.chapter('Notifications come in');
  const sender = openSender();
  await sendNotifications(cast, sender, narrator);
  const events = new Set(sender.acked.map(factKey)).size;

  narrator.chapter('Events go out');
  await watchDeliveries(cast, events, narrator);

  narrator.chapter('A dead letter is replayed');
  await replayDeadLetters(cast, events, narrator);

  narrator.chapter('Was anything lost?');
  await count(gateway, cast, sender);
}

/** Compares what was acknowledged with what the three servers wrote down. */
async function count({ operator }: Gateway, { merchant, subscribers }: Cast, { acked }: Sender): Promise<void> {
  const recipients = Object.values(subscribers).map(({ receiver, subscriptionId }) => ({
    name: receiver.name,
    subscriptionId,
    merchantIds: [merchant.id],
    receipts: receiver.receipts,
  }));
  const run = await gatherRun({ operator, acked, recipients, deadlineMs: 10_000 });
  const verdict = checkInvariants(run, { maxDuplicates: 0 });
  const facts = new Set(acked.map(factKey)).size;
  const requests = recipients.reduce((sum, { receipts }) => sum + receipts.length, 0);
  narrator.say(
    `${facts} facts were acknowledged; ${recipients.length} servers wanted each of them; ${requests} requests went out.`,
  );
  narrator.check(
    verdict.delivered === facts * recipients.length,
    `${verdict.delivered} of ${facts * recipients.length} arrived`,
  );
  narrator.check(verdict.duplicates === 0, `${verdict.duplicates} arrived twice`);
  narrator.check(verdict.violationCount === 0, 'not one was lost, strayed, changed on the way or badly signed');
  for (const { invariant, detail } of verdict.violations) narrator.show(`${invariant}: ${detail}`);
}

async function end(): Promise<void> {
  for (const step of steps.splice(0).reverse()) await step().catch((error: unknown) => narrator.say(String(error)));
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void end().finally(() => process.exit(1)));
}

try {
  await tell();
} catch (error) {
  narrator.check(false, error instanceof Error ? error.message : String(error));
  if (!(error instanceof LocalStackError)) process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
}
await end();
const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
process.stdout.write(
  narrator.failures === 0
    ? `\nThe story ends well, after ${seconds} s. Next: ${next}.\n`
    : `\nThe story ends badly: ${narrator.failures} of its claims did not hold.\n`,
);
process.exit(narrator.failures === 0 ? 0 : 1);
