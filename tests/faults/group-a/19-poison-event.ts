import { setTimeout as pause } from 'node:timers/promises';
import { newId } from '@owngateway/domain';
import type { Db } from 'mongodb';
import type { World } from '../../e2e/open-world.ts';
import { eventually } from '../../parties/eventually.ts';
import type { DeliveryBody } from '../../parties/records.ts';
import { openDatabase } from '../database.ts';
import type { FaultRow } from '../fault-row.ts';
import { judge } from '../judge.ts';
import { cpuSeconds, noProcessFigures } from '../process-figures.ts';
import { startTraffic } from '../traffic.ts';

/** What may stand where the bytes to send should: nothing of it can be sent, now or ever. */
const POISON: Record<string, unknown> = {
  'no JSON': 'this is no JSON',
  'another type': '{"id":"evt_0","type":"refund_failed","data":{}}',
  'a number': 42,
  'an object': { id: 'evt_0' },
  nothing: undefined,
};
const IDLE_S = 5;
/** Of one processor, beyond what the same process took before. */
const CPU_BAR = 0.05;

export const poisonEvent: FaultRow = {
  number: 19,
  group: 'A',
  fault: `${Object.keys(POISON).length} stored events whose bodies cannot be sent`,
  bar: `each a dead letter after 1 attempt, nothing of it sent; the others flow; processor time afterwards +${CPU_BAR * 100} % at most`,
  short: true,
  async run({ short, openWorld, onEnd }) {
    const world = await openWorld();
    const database = await openDatabase(world, onEnd);
    const traffic = await startTraffic(world, { name: 'poison', notifications: short ? 30 : 100, perSecond: 20 });
    await traffic.untilRequests(3);
    const idle = short ? null : await idleShare(world, () => traffic.sent.then(() => traffic.untilReceived()));
    const poisoned = await poison(database);
    const dead = await eventually(
      async () => {
        const failed = (await deadLetters(world)).filter(({ event_id }) => poisoned.includes(event_id));
        return failed.length === poisoned.length && failed;
      },
      { what: 'a dead letter for each', deadlineMs: 60_000 },
    ).catch(() => deadLetters(world));
    await traffic.sent;
    const { met, figure, figures } = await judge(world, { ...traffic, maxDuplicates: 0 });
    const after = short || idle === null ? null : await idleShare(world, async () => undefined);
    const attempts = Math.max(0, ...dead.map(({ attempts_made }) => attempts_made));
    const sent = traffic.receivers
      .flatMap(({ receipts }) => receipts)
      .filter(({ eventId }) => poisoned.includes(eventId));
    const busier = after === null || idle === null ? null : after - idle;
    return {
      met:
        met &&
        dead.length === poisoned.length &&
        attempts === 1 &&
        sent.length === 0 &&
        dead.every(({ dead_letter }) => dead_letter?.reason === 'event_unsendable') &&
        (busier === null || busier <= CPU_BAR),
      figure: [
        `${dead.length} of ${poisoned.length} dead letters after ${attempts} attempt, ${sent.length} sent`,
        figure,
        ...(busier === null ? [] : [`processor ${(busier * 100).toFixed(1)} % more`]),
      ].join(', '),
      figures: { ...figures, poisoned: poisoned.length, dead: dead.length, attempts, sent: sent.length, busier },
    };
  },
};

/** Copies of a real event, each with one of the bodies, as if they had been stored so and not fanned out yet. */
async function poison(database: Db): Promise<string[]> {
  const events = database.collection<{ _id: string }>('events');
  const {
    _id: _ofAnother,
    body: _sendable,
    ...fields
  } = (await events.findOne({ body: { $type: 'string' } })) as {
    _id: string;
    body: unknown;
  };
  const records = Object.entries(POISON).map(([name, body]) => ({
    ...fields,
    _id: newId('evt'),
    dedupe_key: `poison:${name}`,
    references: [],
    awaiting_fan_out_since: new Date(Date.now() - 60_000),
    ...(body === undefined ? {} : { body }),
  }));
  await events.insertMany(records);
  return records.map(({ _id }) => _id);
}

function deadLetters({ operator }: World): Promise<DeliveryBody[]> {
  return operator.list<DeliveryBody>('/v1/deliveries', { status: 'failed' });
}

/** Processor time of the dispatcher per second while nothing is to be done; null where it cannot be told. */
async function idleShare(world: World, quiet: () => Promise<unknown>): Promise<number | null> {
  await quiet();
  const pid = world.stack.pids().dispatcher;
  if (pid === null || noProcessFigures() !== null) return null;
  const before = await cpuSeconds(pid);
  await pause(IDLE_S * 1_000);
  return ((await cpuSeconds(pid)) - before) / IDLE_S;
}
