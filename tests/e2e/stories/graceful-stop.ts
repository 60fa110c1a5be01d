import { checkInvariants } from '../../invariants/check-invariants.ts';
import { gatherRun } from '../../invariants/gather-run.ts';
import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import { inLanes, openSender } from '../../parties/sender.ts';
import type { World } from '../open-world.ts';
import { openShops } from './shops.ts';

const NOTIFICATIONS = 600;
const LANES = 16;
const GRACE_MS = 5_000;

/** A dispatcher that is asked to end, as every roll-out does. */
export function gracefulStopStory(world: () => World): void {
  const ownDispatcher = () => world().addReplica('dispatcher', { SHUTDOWN_GRACE_MS: `${GRACE_MS}` });

  // The supervised one makes room for one whose end can be watched, and comes back for the next story.
  const theirs = () => world().stack.services.dispatcher;
  beforeEach(() => theirs().stop());
  afterEach(() => (theirs().pid === null ? theirs().restart() : undefined));

  test('under load it ends with exit code 0 within its grace, and its successor goes on: none lost, none twice', async () => {
    const { operator, stack } = world();
    const { account, recipients } = await openShops(
      world(),
      'm_graceful',
      ['graceful-shop'],
      {},
      { kind: 'slow', ms: 30 },
    );
    const dispatcher = await ownDispatcher();
    const sender = openSender();
    const sending = inLanes(NOTIFICATIONS, LANES, (index) =>
      sender.postUntilTaken(account, stripePayment(`graceful${index}`, account.secret)),
    );
    const receipts = recipients[0]!.receipts;
    await eventually(() => receipts.length >= NOTIFICATIONS / 4, { what: 'a quarter delivered', intervalMs: 5 });
    const askedAt = performance.now();
    dispatcher.kill('SIGTERM');
    expect(await dispatcher.ended).toBe(0);
    expect(performance.now() - askedAt).toBeLessThan(GRACE_MS);
    expect(receipts.length).toBeLessThan(NOTIFICATIONS);

    await stack.services.dispatcher.restart();
    await sending;
    const run = await gatherRun({ operator, acked: sender.acked, recipients, deadlineMs: 40_000 });
    expect(checkInvariants(run, { maxDuplicates: 0 })).toEqual({
      violationCount: 0,
      lost: 0,
      violations: [],
      duplicates: 0,
      delivered: NOTIFICATIONS,
      deadLettered: 0,
    });
  });

  test('a receiver that never answers does not keep it: it ends in time, and the event goes out again', async () => {
    const { operator, stack } = world();
    const { api, account, recipients } = await openShops(world(), 'm_hung', [], {});
    expect(recipients).toEqual([]);
    const hung = await world().receiver('hung-shop', { kind: 'hang' });
    const { id: subscriptionId, secret } = await api.post<{ id: string; secret: string }>('/v1/subscriptions', {
      url: hung.url,
      event_types: ['*'],
      timeout_ms: 8_000,
    });
    hung.secret = secret;
    const dispatcher = await ownDispatcher();
    const sender = openSender();
    await sender.postUntilTaken(account, stripePayment('hung1', account.secret));
    await eventually(() => hung.receipts.length === 1, { what: 'the request that is never answered' });
    const askedAt = performance.now();
    dispatcher.kill('SIGTERM');
    expect(await dispatcher.ended).toBe(0);
    expect(performance.now() - askedAt).toBeLessThan(GRACE_MS + 500);

    hung.mode = { kind: 'ok' };
    await stack.services.dispatcher.restart();
    const recipient = { name: hung.name, subscriptionId, merchantIds: ['m_hung'], receipts: hung.receipts };
    const run = await gatherRun({ operator, acked: sender.acked, recipients: [recipient], deadlineMs: 60_000 });
    expect(checkInvariants(run, { maxDuplicates: 0 })).toMatchObject({ violations: [], delivered: 1 });
  });
}
