import type { World } from '../../e2e/open-world.ts';
import { type Api, ApiError } from '../../parties/api.ts';
import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import { connectAccount, subscribe } from '../../parties/onboarding.ts';
import type { Receiver } from '../../parties/receiver.ts';
import type { ReceiverMode } from '../../parties/receiver-mode.ts';
import type { DeliveryBody, DeliveryStatus, DeliveryWithAttemptsBody } from '../../parties/records.ts';
import { openSender } from '../../parties/sender.ts';
import type { FaultRow } from '../fault-row.ts';

const AN_HOUR = { retry_policy: { delays_s: [3_600] } };
const A_SECOND = { retry_policy: { delays_s: [1] } };
const AT_ONCE = 5;
/** Longer than a replay takes to be sent, shorter than any deadline. */
const SLOW_MS = 1_500;

/** One subscription with one delivery of one event. */
interface Shop {
  api: Api;
  receiver: Receiver;
  subscriptionId: string;
  deliveryId: string;
}

/** What a case finds wrong; empty when all is as asked. */
type Case = (world: World) => Promise<string[]>;

const CASES: Readonly<Record<string, Case>> = {
  async delivered(world) {
    const shop = await open(world, 'delivered', { kind: 'ok' });
    await untilStatus(shop, 'delivered');
    const answer = await replay(shop);
    return await expectAttempts(shop, { answers: [answer], sent: 2, status: 'delivered' });
  },

  async 'dead letter'(world) {
    const shop = await open(world, 'deadletter', { kind: 'status', status: 500 }, A_SECOND);
    const dead = await untilStatus(shop, 'failed');
    const last = dead.attempts.at(-1);
    const shown = last?.http_status === 500 && last.response_body === 'no' && dead.dead_letter !== null;
    shop.receiver.mode = { kind: 'ok' };
    const answer = await replay(shop);
    const wrong = await expectAttempts(shop, { answers: [answer], sent: 3, status: 'delivered' });
    return shown ? wrong : [...wrong, 'the dead letter does not show the last answer'];
  },

  async 'while retrying'(world) {
    const shop = await open(world, 'retrying', { kind: 'fail_then_ok', times: 1 }, AN_HOUR);
    await untilStatus(shop, 'retrying');
    const answer = await replay(shop);
    return await expectAttempts(shop, { answers: [answer], sent: 2, status: 'delivered' });
  },

  async 'at once'(world) {
    const shop = await open(world, 'atonce', { kind: 'ok' });
    await untilStatus(shop, 'delivered');
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => replay(shop)));
    const accepted = answers.filter((status) => status === 202).length;
    const wrong = await expectAttempts(shop, { answers, sent: 1 + accepted, status: 'delivered' });
    return accepted < 2 ? [...wrong, `only ${accepted} accepted`] : wrong;
  },

  async 'one after the other'(world) {
    const shop = await open(world, 'sequence', { kind: 'ok' });
    await untilStatus(shop, 'delivered');
    const answers: number[] = [];
    for (let time = 0; time < AT_ONCE; time += 1) answers.push(await replay(shop));
    return await expectAttempts(shop, { answers, sent: 1 + AT_ONCE, status: 'delivered' });
  },

  async 'in flight'(world) {
    const shop = await open(world, 'inflight', { kind: 'slow', ms: SLOW_MS });
    const answer = await replay(shop);
    return await expectAttempts(shop, { answers: [answer], sent: 2, status: 'delivered' });
  },

  async 'cancelled in flight, accepted'(world) {
    const shop = await open(world, 'cancelok', { kind: 'slow', ms: SLOW_MS }, { timeout_ms: 10_000 });
    await untilWritten(shop);
    const answer = await post(shop, 'cancel');
    return await expectAttempts(shop, { answers: [answer], sent: 1, status: 'delivered' });
  },

  async 'cancelled in flight, not answered'(world) {
    const shop = await open(world, 'cancelhang', { kind: 'hang' }, { ...A_SECOND, timeout_ms: 3_000 });
    await untilWritten(shop);
    const answer = await post(shop, 'cancel');
    return await expectAttempts(shop, { answers: [answer], sent: 1, status: 'cancelled' });
  },

  async 'disabled, deleted'(world) {
    const shop = await open(world, 'refused', { kind: 'ok' });
    await untilStatus(shop, 'delivered');
    await shop.api.post(`/v1/subscriptions/${shop.subscriptionId}/disable`, { reason: 'row 88' });
    const disabled = await replay(shop);
    await shop.api.delete(`/v1/subscriptions/${shop.subscriptionId}`);
    const deleted = await replay(shop);
    const wrong = await expectAttempts(shop, { answers: [], sent: 1, status: 'delivered' });
    return disabled === 409 && deleted === 409 ? wrong : [...wrong, `answers ${disabled} and ${deleted}`];
  },
};

export const replays: FaultRow = {
  number: 88,
  group: 'G',
  fault:
    'replay while retrying, in flight, of a delivered one, of a dead letter, five at once; cancel in flight; disabled and deleted',
  bar: 'one attempt for each that was accepted, the same event id and bytes; a dead letter shows the last answer',
  short: true,
  async run({ openWorld }) {
    const world = await openWorld();
    const found = await Promise.all(
      Object.entries(CASES).map(async ([name, run]) =>
        (await run(world).catch((error: Error) => [error.message])).map((wrong) => `${name}: ${wrong}`),
      ),
    );
    const wrong = found.flat();
    return {
      met: wrong.length === 0,
      figure: `${found.length} cases, ${wrong.length} faults${wrong.length > 0 ? `, first: ${wrong[0]}` : ''}`,
      figures: { cases: found.length, faults: wrong.length },
    };
  },
};

/** A merchant with one subscription, to which one event has gone. */
async function open(world: World, name: string, mode: ReceiverMode, subscription: object = {}): Promise<Shop> {
  const merchantId = `m_replay_${name}`;
  const { api } = await world.merchant(merchantId);
  const account = await connectAccount(world.operator, merchantId, 'stripe');
  const receiver = await world.receiver(name, mode);
  const { id: subscriptionId } = await subscribe(api, receiver, subscription);
  await openSender().postUntilTaken(account, stripePayment(`replay${name}`, account.secret));
  await eventually(() => receiver.receipts.length > 0, { what: `the first attempt of ${name}` });
  return { api, receiver, subscriptionId, deliveryId: receiver.receipts[0]?.deliveryId ?? '' };
}

function get({ api, deliveryId }: Shop): Promise<DeliveryWithAttemptsBody> {
  return api.get<DeliveryWithAttemptsBody>(`/v1/deliveries/${deliveryId}`);
}

async function untilStatus(shop: Shop, status: DeliveryStatus): Promise<DeliveryWithAttemptsBody> {
  return await eventually(
    async () => {
      const delivery = await get(shop);
      return delivery.status === status && delivery;
    },
    { what: `a delivery ${status}`, deadlineMs: 30_000 },
  );
}

/** An attempt under way is written once it has lasted a second. */
async function untilWritten(shop: Shop): Promise<void> {
  await eventually(async () => (await shop.api.list<DeliveryBody>('/v1/deliveries')).length === 1, {
    what: 'a delivery in flight',
  });
}

/** A delivery that is under way for the first time is not written for a second. */
async function replay(shop: Shop): Promise<number> {
  await untilWritten(shop);
  return await post(shop, 'replay');
}

async function post({ api, deliveryId }: Shop, what: 'replay' | 'cancel'): Promise<number> {
  try {
    await api.post(`/v1/deliveries/${deliveryId}/${what}`);
    return what === 'replay' ? 202 : 200;
  } catch (error) {
    if (error instanceof ApiError) return error.status;
    throw error;
  }
}

/** Waits until the receiver had so many requests and all of them are written, and looks whether they are what was asked. */
async function expectAttempts(
  shop: Shop,
  { answers, sent, status }: { answers: readonly number[]; sent: number; status: DeliveryStatus },
): Promise<string[]> {
  const wrong = answers.filter((answer) => answer >= 400 && answer !== 409).map((answer) => `answered ${answer}`);
  if (answers.length === 1 && answers[0] !== 200 && answers[0] !== 202) wrong.push(`answered ${answers[0]}`);
  const { receiver } = shop;
  const isDone = async () => {
    const delivery = await get(shop);
    return (
      receiver.receipts.length >= sent && delivery.attempts.length >= sent && delivery.status === status && delivery
    );
  };
  const delivery = await eventually(isDone, { what: `${sent} attempts, ${status}`, deadlineMs: 20_000 }).catch(() =>
    get(shop),
  );
  if (delivery.status !== status) wrong.push(`${delivery.status} instead of ${status}`);
  if (receiver.receipts.length !== sent || delivery.attempts.length !== sent)
    wrong.push(`${receiver.receipts.length} requests and ${delivery.attempts.length} attempts instead of ${sent}`);
  if (new Set(receiver.receipts.map(({ eventId, body }) => `${eventId} ${body}`)).size !== 1)
    wrong.push('not the same event id and bytes each time');
  if (receiver.receipts.some(({ signatures }) => !signatures.standardWebhooks))
    wrong.push('an attempt does not verify');
  return wrong;
}
