import { testStores } from '@owngateway/local-stack/testing';
import type mongoose from 'mongoose';
import type { Settlement, TenantScope } from '../src/index.ts';
import {
  aConnectorAccount,
  aDelivered,
  aDelivery,
  aNotification,
  anAttempt,
  anAuditRecord,
  anEvent,
  aSubscription,
} from './fixtures/records.ts';
import { aReplay, aSelection } from './fixtures/replays.ts';
import { OPERATOR, useTestStore } from './fixtures/test-store.ts';

const context = useTestStore({ monitorCommands: true });

/** SecantusDB's Python server scans where others use an index, so its plans prove nothing. */
const PLANS_BY_SCANNING = 'secantusd-py';

const MERCHANT: TenantScope = { level: 'merchant', id: 'm_1' };
const RESELLER: TenantScope = { level: 'reseller', id: 'r_1', merchantIds: ['m_1', 'm_2', 'm_3'] };
const page = { limit: 10, after: null };
const events = Array.from({ length: 300 }, (_, index) =>
  anEvent({ merchant_id: `m_${index % 5}`, references: [`pi_${index}`, `order_${index % 20}`] }),
);
const deliveries = events.map(({ _id, merchant_id }, index) => {
  const fields = { event_id: _id, owner_key: `merchant:${merchant_id}`, subscription_id: `sub_${index % 10}` } as const;
  if (index % 10 !== 0) return aDelivered(fields);
  return aDelivery({
    ...fields,
    status: (['pending', 'retrying', 'held', 'failed'] as const)[(index / 10) % 4] ?? 'failed',
  });
});
const nextPage = { limit: 10, after: deliveries[200]?._id ?? '' };
const eventsPage = { limit: 10, after: events[200]?._id ?? '' };
const now = new Date();
const past = new Date(Date.now() - 3_600_000);
const settlement: Settlement = {
  deliveryId: deliveries[0]?._id ?? '',
  round: 0,
  leaseToken: 'lost',
  attempt: anAttempt(),
  next: { status: 'retrying', nextAttemptAt: now },
};

beforeAll(async () => {
  await context.store.events.insertMany(events);
  await context.store.deliveries.insertMany(deliveries);
  await context.store.notifications.insertMany(
    events.map(({ merchant_id }) => aNotification({ merchant_id: merchant_id ?? '' })),
  );
  for (let index = 0; index < 20; index++) {
    const id = `m_${index}`;
    await context.store.subscriptions.create(aSubscription({ owner: { level: 'merchant', id } }));
    await context.store.connectorAccounts.create(aConnectorAccount({ merchant_id: id }));
    await context.store.merchants.put({
      _id: id,
      name: id,
      portfolio_id: `p_${index % 3}`,
      reseller_id: `r_${index % 3}`,
    });
    await context.store.audit.append(anAuditRecord({ owner_key: `merchant:${id}` }));
    await context.store.replays.create(aReplay({ owner_key: `merchant:${id}` }));
  }
});

type Call = () => Promise<unknown>;

/** Every query of the pipeline and of the lists. Full reads on purpose (`changedSince(null)`) are not among them. */
const CALLS: [name: string, call: Call][] = [
  [
    'events.insertMany of duplicates',
    () => context.store.events.insertMany(events.slice(0, 5).map((event) => ({ ...event, _id: `${event._id}x` }))),
  ],
  ['events.loadForDelivery', () => context.store.events.loadForDelivery(events.slice(0, 5).map(({ _id }) => _id))],
  ...(['events', 'overflow'] as const).map((lane): [string, Call] => [
    `events.findAwaitingFanOut of ${lane}`,
    () => context.store.events.findAwaitingFanOut({ lane, olderThan: past, limit: 10 }),
  ]),
  ['events.moveToOverflow', () => context.store.events.moveToOverflow(events.slice(0, 5).map(({ _id }) => _id))],
  ['events.markFannedOut', () => context.store.events.markFannedOut(events.slice(0, 5).map(({ _id }) => _id))],
  ['events.get', () => context.store.events.get(MERCHANT, events[0]?._id ?? '')],
  ['events.list of an operator', () => context.store.events.list(OPERATOR, {}, eventsPage)],
  ['events.list of a merchant', () => context.store.events.list(MERCHANT, {}, page)],
  [
    'events.list of a merchant, next page',
    () => context.store.events.list(MERCHANT, { type: 'refund_failed' }, eventsPage),
  ],
  ['events.list of a reseller', () => context.store.events.list(RESELLER, { since: past, until: now }, eventsPage)],
  ['events.list by reference', () => context.store.events.list(MERCHANT, { objectReference: 'order_1' }, page)],
  [
    'events.list by reference, of a reseller',
    () => context.store.events.list(RESELLER, { objectReference: 'order_1' }, page),
  ],
  [
    'events.list by reference, of an operator',
    () => context.store.events.list(OPERATOR, { objectReference: 'order_1' }, page),
  ],
  ['events.expire', () => context.store.events.expire({ bodiesBefore: past, skeletonsBefore: past, limit: 10 })],
  ['deliveries.settleMany', () => context.store.deliveries.settleMany([settlement])],
  [
    'deliveries.claim',
    () => context.store.deliveries.claim({ deliveryId: settlement.deliveryId, round: 0, token: 't', now, leaseMs: 1 }),
  ],
  [
    'deliveries.noteHeldBack',
    () =>
      context.store.deliveries.noteHeldBack([
        { deliveryId: settlement.deliveryId, round: 0, until: now, reason: 'ramp' },
      ]),
  ],
  [
    'deliveries.release',
    () =>
      context.store.deliveries.release({
        deliveryId: settlement.deliveryId,
        token: 'none',
        nextAttemptAt: now,
        heldBackBy: null,
      }),
  ],
  [
    'deliveries.loadExisting',
    () => context.store.deliveries.loadExisting(deliveries.slice(0, 5).map(({ _id }) => _id)),
  ],
  ['deliveries.findDue', () => context.store.deliveries.findDue({ olderThan: past, after: null, limit: 10 })],
  [
    'deliveries.findDue, next page',
    () =>
      context.store.deliveries.findDue({
        olderThan: now,
        after: {
          _id: settlement.deliveryId,
          subscription_id: null,
          due_at: past,
          round: 0,
          status: 'pending',
          attempts_total: 0,
          next_attempt_at: null,
        },
        limit: 10,
      }),
  ],
  ['deliveries.subscriptionsWithHeld', () => context.store.deliveries.subscriptionsWithHeld(10)],
  ['deliveries.findHeld', () => context.store.deliveries.findHeld('sub_0', 10)],
  [
    'deliveries.claimHeld',
    () =>
      context.store.deliveries.claimHeld({ deliveryId: deliveries[20]?._id ?? '', token: 't', now: past, leaseMs: 1 }),
  ],
  ['deliveries.holdForSubscription', () => context.store.deliveries.holdForSubscription('sub_0')],
  ['deliveries.list of an operator', () => context.store.deliveries.list(OPERATOR, {}, nextPage)],
  ['deliveries.list of a merchant', () => context.store.deliveries.list(MERCHANT, {}, page)],
  [
    'deliveries.list of a merchant, next page',
    () => context.store.deliveries.list(MERCHANT, { type: 'refund_failed' }, nextPage),
  ],
  [
    'deliveries.list of a reseller',
    () => context.store.deliveries.list(RESELLER, { since: past, until: now }, nextPage),
  ],
  ['deliveries.list failed', () => context.store.deliveries.list(MERCHANT, { status: 'failed' }, page)],
  [
    'deliveries.list failed, of a reseller',
    () => context.store.deliveries.list(RESELLER, { status: 'failed' }, nextPage),
  ],
  ['deliveries.list failed, of an operator', () => context.store.deliveries.list(OPERATOR, { status: 'failed' }, page)],
  [
    'deliveries.list failed, of a subscription',
    () => context.store.deliveries.list(MERCHANT, { status: 'failed', subscriptionId: 'sub_1' }, page),
  ],
  [
    'deliveries.list of an event',
    () => context.store.deliveries.list(MERCHANT, { eventId: events[1]?._id ?? '' }, page),
  ],
  [
    'deliveries.list of an event, of an operator',
    () => context.store.deliveries.list(OPERATOR, { eventId: events[1]?._id ?? '' }, page),
  ],
  ['deliveries.replay', () => context.store.deliveries.replay(MERCHANT, deliveries[10]?._id ?? '', now)],
  ...[
    { name: 'failed, of a merchant', scope: MERCHANT, selection: aSelection() },
    { name: 'failed, of a reseller', scope: RESELLER, selection: aSelection({ merchant_id: 'm_2' }) },
    { name: 'failed, of an operator', scope: OPERATOR, selection: aSelection() },
    { name: 'failed, of a subscription', scope: MERCHANT, selection: aSelection({ subscription_id: 'sub_1' }) },
    {
      name: 'failed, of a subscription, of an operator',
      scope: OPERATOR,
      selection: aSelection({ subscription_id: 'sub_1' }),
    },
    { name: 'delivered, of a merchant', scope: MERCHANT, selection: aSelection({ status: ['delivered'] }) },
    { name: 'delivered, of a reseller', scope: RESELLER, selection: aSelection({ status: ['delivered', 'failed'] }) },
  ].flatMap(({ name, scope, selection }): [string, Call][] =>
    [null, deliveries[100]?._id ?? ''].map((after) => [
      `deliveries.lookForReplay ${name}${after === null ? '' : ', next look'}`,
      () => context.store.deliveries.lookForReplay(scope, selection, { position: { stretch: 0, after }, limit: 10 }),
    ]),
  ),
  [
    'deliveries.loadForReplay',
    () =>
      context.store.deliveries.loadForReplay(
        RESELLER,
        deliveries.slice(0, 5).map(({ _id }) => _id),
      ),
  ],
  [
    'deliveries.replaySelected',
    () =>
      context.store.deliveries.replaySelected(RESELLER, aSelection(), {
        ids: deliveries.slice(0, 5).map(({ _id }) => _id),
        replayId: 'rpl_1',
        at: now,
        status: 'pending',
      }),
  ],
  ['deliveries.cancelForSubscription', () => context.store.deliveries.cancelForSubscription('sub_0', now)],
  ['deliveries.expire', () => context.store.deliveries.expire({ before: past, limit: 10 })],
  ['events.findSendable', () => context.store.events.findSendable(events.slice(0, 5).map(({ _id }) => _id))],
  ['replays.list of a merchant', () => context.store.replays.list(MERCHANT, page)],
  ['replays.list of a reseller', () => context.store.replays.list(RESELLER, page)],
  ['replays.countRunning', () => context.store.replays.countRunning('merchant:m_1')],
  ['replays.takeStep', () => context.store.replays.takeStep({ token: 't', now: past, leaseMs: 1 })],
  ['notifications.list of a merchant', () => context.store.notifications.list(MERCHANT, {}, page)],
  ['notifications.list of a reseller', () => context.store.notifications.list(RESELLER, { since: past }, page)],
  ['notifications.list of an operator', () => context.store.notifications.list(OPERATOR, {}, page)],
  ['notifications.findDue', () => context.store.notifications.findDue({ olderThan: past, after: null, limit: 10 })],
  [
    'notifications.findDue, next page',
    () =>
      context.store.notifications.findDue({
        olderThan: now,
        after: { _id: 'ntf_1', connector_account_id: 'acct_1', round: 0, due_at: past },
        limit: 10,
      }),
  ],
  ['notifications.requestReading', () => context.store.notifications.requestReading(RESELLER, 'ntf_none', now)],
  [
    'notifications.settleReading',
    () =>
      context.store.notifications.settleReading('ntf_none', 0, {
        verdict: 'ignored',
        items: [],
        attempts_made: 0,
        detail: null,
      }),
  ],
  ['subscriptions.list of a merchant', () => context.store.subscriptions.list(MERCHANT, {}, page)],
  ['subscriptions.list of a reseller', () => context.store.subscriptions.list(RESELLER, {}, page)],
  ['subscriptions.findAnnouncementsDue', () => context.store.subscriptions.findAnnouncementsDue(10)],
  ['subscriptions.noteFailing', () => context.store.subscriptions.noteFailing('sub_none', now)],
  ['subscriptions.noteWell', () => context.store.subscriptions.noteWell('sub_none')],
  ['subscriptions.changedSince', () => context.store.subscriptions.changedSince(now)],
  ['merchants.changedSince', () => context.store.merchants.changedSince(now)],
  ['merchants.idsBelow a portfolio', () => context.store.merchants.idsBelow({ level: 'portfolio', id: 'p_1' })],
  ['merchants.idsBelow a reseller', () => context.store.merchants.idsBelow({ level: 'reseller', id: 'r_1' })],
  ['merchants.list', () => context.store.merchants.list(RESELLER, page)],
  ['connectorAccounts.findByPath', () => context.store.connectorAccounts.findByPath('m_1', 'stripe')],
  ['connectorAccounts.list of a reseller', () => context.store.connectorAccounts.list(RESELLER, {}, page)],
  ['audit.list of a reseller', () => context.store.audit.list(RESELLER, {}, page)],
  ['audit.list of a thing', () => context.store.audit.list(OPERATOR, { resourceId: 'sub_1' }, page)],
  ['revokedTokens.isRevoked', () => context.store.revokedTokens.isRevoked('tok_1')],
];

/** An operator's lists over all tenants; the index narrows them, the order costs a sort of the first ten. */
const SORTED_IN_MEMORY = ['events.list by reference, of an operator', 'deliveries.list failed, of an operator'];

describe('the plan of', () => {
  let planner = '';
  beforeAll(async () => {
    planner = (await testStores()).mongo_kind;
    if (planner === PLANS_BY_SCANNING) {
      process.stderr.write(
        `Query plans are NOT checked: ${planner} plans by scanning. Run on mongod or secantusd-rs.\n`,
      );
    }
  });

  it.each(CALLS)('%s reads an index', async (name, call) => {
    const queries = await queriesOf(call);
    expect(queries.length).toBeGreaterThan(0);
    for (const query of queries) {
      const stages = await stagesOf(query);
      expect({ query, stages: stages.length > 0 }).toEqual({ query, stages: true });
      if (planner === PLANS_BY_SCANNING) continue;
      expect({ query, stages }).toEqual({ query, stages: expect.not.arrayContaining(['COLLSCAN']) });
      if (SORTED_IN_MEMORY.includes(name)) continue;
      expect({ query, stages }).toEqual({ query, stages: expect.not.arrayContaining(['SORT']) });
    }
  });

  it('a list of failed deliveries reads those alone', async () => {
    if (planner === PLANS_BY_SCANNING) return;
    const [query] = await queriesOf(() => context.store.deliveries.list(MERCHANT, { status: 'failed' }, page));
    const { executionStats } = await explain(query as mongoose.mongo.Document);
    expect(executionStats.totalDocsExamined).toBe(executionStats.nReturned);
  });

  it('a delivery that went well is in two indexes only', async () => {
    // Partial and sparse ones pass it over; so it costs two entries to write.
    const indexes = await context.collection('deliveries').indexes();
    const full = indexes.filter(({ partialFilterExpression, sparse }) => !partialFilterExpression && !sparse);
    expect(full.map(({ name }) => name).sort()).toEqual(['_id_', 'owner_key_1__id_1']);
  });
});

/** What a call asks the database to find, whether to read, to update or to delete. */
async function queriesOf(call: Call): Promise<mongoose.mongo.Document[]> {
  const queries: mongoose.mongo.Document[] = [];
  const client = context.connection.getClient();
  const listen = ({ command }: mongoose.mongo.CommandStartedEvent) => queries.push(...asFinds(command));
  client.on('commandStarted', listen);
  await call();
  client.off('commandStarted', listen);
  return queries;
}

function asFinds(command: mongoose.mongo.Document): mongoose.mongo.Document[] {
  const { find, filter, sort, limit, hint, aggregate, pipeline, findAndModify, query, update, updates, deletes } =
    command;
  if (find) return [{ find, filter, ...(sort && { sort }), ...(limit && { limit }), ...(hint && { hint }) }];
  if (aggregate) return [{ find: aggregate, filter: pipeline[0].$match }];
  if (findAndModify) return [{ find: findAndModify, filter: query }];
  const collection = update ?? command.delete;
  return (updates ?? deletes ?? []).map(({ q }: mongoose.mongo.Document) => ({ find: collection, filter: q }));
}

function explain(query: mongoose.mongo.Document): Promise<mongoose.mongo.Document> {
  const { connection } = context;
  return connection.getClient().db(connection.name).command({ explain: query, verbosity: 'executionStats' });
}

async function stagesOf(query: mongoose.mongo.Document): Promise<string[]> {
  const stages: string[] = [];
  const visit = (plan: mongoose.mongo.Document | undefined): void => {
    if (plan === undefined) return;
    if (plan.stage) stages.push(plan.stage);
    for (const inner of [plan.queryPlan, plan.inputStage, ...(plan.inputStages ?? [])]) visit(inner);
  };
  visit((await explain(query)).queryPlanner.winningPlan);
  return stages;
}
