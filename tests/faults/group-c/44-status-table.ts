import { readFile } from 'node:fs/promises';
import type { World } from '../../e2e/open-world.ts';
import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import { type ConnectedAccount, connectAccount } from '../../parties/onboarding.ts';
import type { DeliveryBody, DeliveryWithAttemptsBody } from '../../parties/records.ts';
import { inLanes, openSender } from '../../parties/sender.ts';
import type { FaultRow, Surroundings } from '../fault-row.ts';
import { type HostileReceiver, openHostileReceiver } from '../hostile-receiver.ts';
import { response } from './behaviours.ts';

const DOCUMENT = new URL('../../../docs/deliveries.md', import.meta.url);

/** The columns of the table: what each subscription asks for, and whether its receiver answers with the event id. */
const COLUMNS = [
  { name: 'any-2xx', success: '2xx', echoes: false },
  { name: 'only-200', success: '200', echoes: false },
  { name: 'echo', success: 'echo', echoes: true },
  { name: 'silent-echo', success: 'echo', echoes: false },
] as const;

/** What a status without a body gives, whatever its sender would have put there. */
const WITHOUT_ECHO = 3;

const GONE = 410;
const DELAY_S = 60;
const DAY_MS = 86_400_000;
const LANES = 8;

/** What a `Retry-After` makes of a delay of 60 s; the document's words. */
const RETRY_AFTERS: readonly { status: number; value: () => string; waitS: number }[] = [
  { status: 503, value: () => '120', waitS: 120 },
  { status: 429, value: () => '120', waitS: 120 },
  { status: 429, value: () => new Date(Date.now() + 121_000).toUTCString(), waitS: 120 },
  { status: 500, value: () => '120', waitS: 120 },
  { status: 302, value: () => '120', waitS: 120 },
  { status: 503, value: () => '30', waitS: DELAY_S },
  { status: 503, value: () => '0', waitS: DELAY_S },
  { status: 503, value: () => new Date(Date.now() - DAY_MS).toUTCString(), waitS: DELAY_S },
  { status: 503, value: () => '315360000', waitS: 3_600 },
  { status: 503, value: () => new Date(Date.now() + 3_650 * DAY_MS).toUTCString(), waitS: 3_600 },
  { status: 503, value: () => 'soon', waitS: DELAY_S },
  { status: 503, value: () => '-1', waitS: DELAY_S },
  { status: 503, value: () => '1.5', waitS: DELAY_S },
  { status: 503, value: () => '9'.repeat(100), waitS: DELAY_S },
];
/** A date has whole seconds, and an attempt ends a moment before the next one is drawn. */
const TOLERANCE_S = 2;

export const statusTable: FaultRow = {
  number: 44,
  group: 'C',
  fault: 'every status from 200 to 599 under each success rule, and Retry-After in every form',
  bar: 'exactly the table of docs/deliveries.md',
  short: true,
  async run(surroundings) {
    const world = await surroundings.openWorld();
    const documented = await readTable();
    const statuses = [...documented.keys()].filter(
      // The short form asks at both ends of each line of the table.
      (status) => !surroundings.short || isEdge(documented, status),
    );
    const table = await askAll(surroundings, world, statuses, documented);
    const headers = await askRetryAfters(surroundings, world);
    const wrong = [...table.wrong, ...headers];
    const whole = surroundings.short || documented.size === 400;
    return {
      met: wrong.length === 0 && whole,
      figure: `${table.asked} answers and ${RETRY_AFTERS.length} Retry-After headers, ${wrong.length} not as documented${wrong.length > 0 ? `, first: ${wrong[0]}` : ''}`,
      figures: { answers: table.asked, retry_after_headers: RETRY_AFTERS.length, wrong: wrong.length },
    };
  },
};

/** Status -> the cells of its line, as somebody reads them who knows nothing of the code. */
async function readTable(): Promise<Map<number, string[]>> {
  const table = new Map<number, string[]>();
  const lines = (await readFile(DOCUMENT, 'utf8')).split('\n');
  for (const line of lines) {
    const [, first = '', last = first, cells = ''] = /^\| (\d{3})(?:-(\d{3}))? \| (.*) \|$/.exec(line) ?? [];
    for (let status = Number(first); first !== '' && status <= Number(last); status += 1)
      table.set(status, cells.split(' | '));
  }
  return table;
}

function isEdge(table: ReadonlyMap<number, string[]>, status: number): boolean {
  const line = table.get(status)?.join();
  return table.get(status - 1)?.join() !== line || table.get(status + 1)?.join() !== line;
}

async function askAll(
  surroundings: Surroundings,
  world: World,
  statuses: readonly number[],
  documented: ReadonlyMap<number, string[]>,
): Promise<{ asked: number; wrong: string[] }> {
  const merchantId = 'm_statuses';
  const { api } = await world.merchant(merchantId);
  const account = await connectAccount(world.operator, merchantId, 'stripe');
  const statusOf = new Map<string, number>();
  const columns = new Map<string, number>();
  let toGive: number[] = [];
  const statusFor = (eventId: string): number => {
    const status = statusOf.get(eventId) ?? toGive.shift() ?? 500;
    statusOf.set(eventId, status);
    return status;
  };
  for (const [index, { name, success, echoes }] of COLUMNS.entries()) {
    const receiver = await opened(surroundings, name, (eventId) =>
      response(statusFor(eventId), {}, bodyFor(statusFor(eventId), echoes ? eventId : 'no id')),
    );
    const { id } = await api.post<{ id: string }>('/v1/subscriptions', {
      url: receiver.url,
      event_types: ['*'],
      success,
      retry_policy: { delays_s: [86_400] },
    });
    columns.set(id, index);
  }

  async function settled(count: number): Promise<DeliveryBody[]> {
    return await eventually(
      async () => {
        // Not the `endpoint_disabled` that the first 410 raises.
        const list = await api.list<DeliveryBody>('/v1/deliveries', { type: 'payment_succeeded' });
        return list.length === count && list.every(({ last_outcome }) => last_outcome !== null) && list;
      },
      { what: `${count} deliveries with an attempt each`, deadlineMs: 120_000, intervalMs: 500 },
    );
  }

  // 410 comes last: it puts everything else that its subscription still has on hold.
  const others = statuses.filter((status) => status !== GONE);
  toGive = [...others];
  await send(account, 'status', others.length);
  const before = await settled(others.length * COLUMNS.length);
  toGive = [GONE];
  await send(account, 'gone', 1);
  const after = await settled(statuses.length * COLUMNS.length);
  const deliveries = [...before, ...after.filter(({ event_id }) => statusOf.get(event_id) === GONE)];
  const wrong: string[] = [];
  for (const delivery of deliveries) {
    const status = statusOf.get(delivery.event_id) ?? 0;
    const column = columns.get(delivery.subscription_id ?? '') ?? 0;
    const echoed = COLUMNS[column]?.echoes === true && bodyFor(status, 'x') !== '';
    const expected = documented.get(status)?.[COLUMNS[column]?.echoes && !echoed ? WITHOUT_ECHO : column];
    const seen = wordsFor(delivery);
    if (seen !== expected) wrong.push(`${status} (${COLUMNS[column]?.name}): ${seen} instead of ${expected}`);
  }
  const disabled = await api.list<{ status: string }>('/v1/subscriptions', { status: 'disabled' });
  if (disabled.length !== COLUMNS.length) wrong.push(`${disabled.length} subscriptions disabled by 410`);
  return { asked: deliveries.length, wrong };
}

/** Statuses that never have a body. */
function bodyFor(status: number, text: string): string {
  return status === 204 || status === 304 ? '' : text;
}

function wordsFor({ status, last_outcome }: DeliveryBody): string {
  switch (status) {
    case 'delivered':
      return 'delivered';
    case 'retrying':
      return `retried, \`${last_outcome}\``;
    case 'held':
      return `subscription disabled, delivery held, \`${last_outcome}\``;
    default:
      return status;
  }
}

async function askRetryAfters(surroundings: Surroundings, world: World): Promise<string[]> {
  const merchantId = 'm_retryafter';
  const { api } = await world.merchant(merchantId);
  const account = await connectAccount(world.operator, merchantId, 'stripe');
  const asked = new Map<string, (typeof RETRY_AFTERS)[number]>();
  const toGive = [...RETRY_AFTERS];
  const receiver = await opened(surroundings, 'retry-after', (eventId) => {
    const one = asked.get(eventId) ?? toGive.shift();
    if (one === undefined) return response(200);
    asked.set(eventId, one);
    return response(one.status, { 'retry-after': one.value() }, 'later');
  });
  const subscription = { url: receiver.url, event_types: ['*'], retry_policy: { delays_s: [DELAY_S] } };
  await api.post('/v1/subscriptions', subscription);
  await send(account, 'after', RETRY_AFTERS.length);
  const list = await eventually(
    async () => {
      const found = await api.list<DeliveryBody>('/v1/deliveries', { status: 'retrying' });
      return found.length === RETRY_AFTERS.length && found;
    },
    { what: 'the deliveries with a Retry-After', deadlineMs: 60_000 },
  );
  const wrong: string[] = [];
  for (const { id, event_id } of list) {
    const one = asked.get(event_id);
    const { attempts } = await api.get<DeliveryWithAttemptsBody>(`/v1/deliveries/${id}`);
    const [attempt] = attempts;
    if (one === undefined || attempt?.next_attempt_at == null) wrong.push(`${event_id}: no next attempt`);
    else {
      const endedAtMs = Date.parse(attempt.started_at) + attempt.duration_ms;
      const waitS = (Date.parse(attempt.next_attempt_at) - endedAtMs) / 1_000;
      if (Math.abs(waitS - one.waitS) > TOLERANCE_S)
        wrong.push(`${one.status} with Retry-After ${one.value()}: ${waitS} s instead of ${one.waitS} s`);
    }
  }
  return wrong;
}

async function opened(
  { onEnd }: Surroundings,
  name: string,
  answer: (eventId: string) => string,
): Promise<HostileReceiver> {
  const receiver = await openHostileReceiver(name, (socket, { eventId }) => void socket.write(answer(eventId)));
  onEnd(() => receiver.close());
  return receiver;
}

async function send(account: ConnectedAccount, name: string, count: number): Promise<void> {
  const sender = openSender();
  await inLanes(count, LANES, (index) =>
    sender.postUntilTaken(account, stripePayment(`${name}${index}`, account.secret)),
  );
}
