// `npm run smoke`: one event through a running stack, from a connector's signature to a merchant's server and back in the API.
// Exits with 0, or with 1 and the name of the stage that failed.
import { randomBytes } from 'node:crypto';
import { openApi } from '../tests/parties/api.ts';
import { eventually } from '../tests/parties/eventually.ts';
import { stripePayment } from '../tests/parties/notifications.ts';
import { connectAccount, createMerchant, subscribe } from '../tests/parties/onboarding.ts';
import { openReceiver } from '../tests/parties/receiver.ts';
import type { DeliveryBody, DeliveryWithAttemptsBody, EventBody } from '../tests/parties/records.ts';
import { openSender } from '../tests/parties/sender.ts';
import { findRunningStack } from './demo/running-stack.ts';
import { createStages, StageFailure } from './smoke/stages.ts';

const DEADLINE_MS = 15_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const stages = createStages(say);
/** What is taken away again, last made first. */
const steps: (() => Promise<unknown>)[] = [];

function claim(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}

async function oneEvent(): Promise<void> {
  const key = randomBytes(6).toString('hex');
  const stack = await stages.run('a stack runs, and ingress and API are ready', async () => {
    const found = await findRunningStack();
    claim(found !== null, 'no stack answers; run npm start first');
    return found;
  });
  const operator = openApi(stack.api_url, stack.operator_token);

  // Always the same merchant: its events stay, and nobody wants a new one for every smoke.
  const merchant = await stages.run('a merchant and its token', () =>
    createMerchant(operator, stack.api_url, 'm_smoke'),
  );
  const account = await stages.run('a Stripe account with a made-up secret', async () => {
    const accounts = await operator.list<{ id: string }>('/v1/connector-accounts', { merchant_id: merchant.id });
    for (const { id } of accounts) await operator.delete(`/v1/connector-accounts/${id}`);
    return connectAccount(operator, merchant.id, 'stripe');
  });
  const receiver = await openReceiver('smoke');
  steps.push(() => receiver.close());
  const subscription = await stages.run('a subscription', () => subscribe(merchant.api, receiver));
  steps.push(() => merchant.api.delete(`/v1/subscriptions/${subscription.id}`));

  await stages.run('ingress takes a signed notification', async () => {
    const status = await openSender().post(account, stripePayment(key, account.secret));
    claim(status === 200, status === null ? 'it gave no answer' : `it answered ${status}`);
  });
  const event = await stages.run('its event is stored', () =>
    eventually(async () => (await merchant.api.list<EventBody>('/v1/events', { object_reference: `pi_${key}` }))[0], {
      what: 'the event in GET /v1/events',
      deadlineMs: DEADLINE_MS,
    }),
  );
  const receipt = await stages.run('the dispatcher delivers it', () =>
    eventually(() => receiver.of(event.id)[0], { what: 'a request at the receiver', deadlineMs: DEADLINE_MS }),
  );
  await stages.run('both signatures verify with libraries that are not ours', async () => {
    claim(receipt.signatures.stripe, 'the package "stripe" refuses X-Signature');
    claim(receipt.signatures.standardWebhooks, 'the package "standardwebhooks" refuses webhook-signature');
  });
  await stages.run('the delivery and its attempt are visible', async () => {
    const query = { event_id: event.id, subscription_id: subscription.id, status: 'delivered' };
    const delivery = await eventually(async () => (await merchant.api.list<DeliveryBody>('/v1/deliveries', query))[0], {
      what: 'the delivery in GET /v1/deliveries',
      deadlineMs: DEADLINE_MS,
    });
    const { attempts } = await merchant.api.get<DeliveryWithAttemptsBody>(`/v1/deliveries/${delivery.id}`);
    claim(attempts.length === 1 && attempts[0]?.http_status === 200, `it shows ${attempts.length} attempts`);
  });
}

let failure: unknown;
await oneEvent().catch((error: unknown) => {
  failure = error;
});
for (const step of steps.reverse()) await step().catch(() => undefined);
if (failure === undefined) say('One event went all the way.');
else if (failure instanceof StageFailure) say(`FAILED ${failure.stage}\n      because ${failure.message}`);
else say(`FAILED ${failure instanceof Error ? failure.stack : failure}`);
process.exit(failure === undefined ? 0 : 1);
