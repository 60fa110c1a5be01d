import { buildEnvelope, deliveryIdOf, type NormalisedEvent, newId, serialiseEnvelope } from '@owngateway/domain';
import { type DeliveryRecord, type EventRecord, openStore, type Store } from '@owngateway/store';
import { checkInvariants } from '../../invariants/check-invariants.ts';
import { gatherRun } from '../../invariants/gather-run.ts';
import type { Fact } from '../../parties/fact.ts';
import { awaitDelivery } from '../await-delivery.ts';
import type { World } from '../open-world.ts';
import { openShops } from './shops.ts';

const STORED_ONLY = 40;

/** Crashes between two steps, as they leave the store. */
export function lostStepsStory(world: () => World): void {
  test('events that were stored and never enqueued, and a delivery whose sender died, are found and sent, once', async () => {
    const { operator, stack } = world();
    const merchantId = 'm_lost';
    const { api, recipients } = await openShops(world(), merchantId, ['lost-shop']);
    const [shop] = recipients;
    const store = await openStore({
      mongoUrl: stack.settings.MONGO_URL ?? '',
      encryptionKeys: [{ version: 1, key: Buffer.alloc(32) }],
      appName: 'e2e-lost-steps',
    });
    try {
      const now = store.clock.now();
      const stored = Array.from({ length: STORED_ONLY }, (_, index) => storedEvent(merchantId, `pi_lost${index}`, now));
      await store.events.insertMany(stored.map((event) => ({ ...event, awaiting_fan_out_since: now })));
      const fannedOut = storedEvent(merchantId, 'pi_leased', now);
      await store.events.insertMany([fannedOut]);
      await insertAbandoned(store, fannedOut, { ...shop!, url: 'http://127.0.0.1:1/moved-since' }, now);

      const acked = [...stored, fannedOut].map(factOf);
      const run = await gatherRun({ operator, acked, recipients, deadlineMs: 40_000 });
      expect(checkInvariants(run, { maxDuplicates: 0 })).toEqual({
        violationCount: 0,
        lost: 0,
        violations: [],
        duplicates: 0,
        delivered: STORED_ONLY + 1,
        deadLettered: 0,
      });
      const query = { event_id: fannedOut._id, subscription_id: shop!.subscriptionId };
      const { attempts } = await awaitDelivery(api, query, 'delivered');
      expect(attempts).toEqual([expect.objectContaining({ number: 1, trigger: 'first', http_status: 200 })]);
      expect(shop!.receipts).toHaveLength(STORED_ONLY + 1);
    } finally {
      await store.close();
    }
  });
}

function storedEvent(merchantId: string, reference: string, now: Date): EventRecord {
  const event: NormalisedEvent = {
    type: 'payment_succeeded',
    origin: 'processor',
    objectType: 'payment',
    occurredAt: now,
    object: {
      connector_reference: reference,
      payment_reference: reference,
      merchant_reference: null,
      amount_minor: 100,
      currency: 'EUR',
      status: 'succeeded',
      detail: null,
      customer: null,
      metadata: {},
    },
    previous: null,
  };
  const id = newId('evt');
  const envelope = buildEnvelope({
    id,
    event,
    merchantId,
    environment: 'sandbox',
    connector: 'stripe',
    createdAt: now,
  });
  return {
    _id: id,
    merchant_id: merchantId,
    dedupe_key: `acct_lost:${reference}`,
    type: event.type,
    origin: event.origin,
    object_type: event.objectType,
    connector: 'stripe',
    connector_account_id: 'acct_lost',
    notification_id: null,
    references: [reference],
    occurred_at: now,
    created_at: now,
    body: serialiseEnvelope(envelope),
  };
}

/** What a dispatcher leaves behind that is killed with a request in flight for more than a second: a lease, which has run out. */
async function insertAbandoned(
  store: Store,
  event: EventRecord,
  { subscriptionId, url }: { subscriptionId: string; url: string },
  now: Date,
): Promise<void> {
  const until = new Date(now.getTime() - 60_000);
  const delivery: DeliveryRecord = {
    _id: deliveryIdOf(event._id, subscriptionId),
    event_id: event._id,
    event_type: event.type,
    merchant_id: event.merchant_id,
    owner_key: `merchant:${event.merchant_id}`,
    subscription_id: subscriptionId,
    transaction_id: null,
    url,
    event_style: 'snake_case',
    status: 'pending',
    round: 0,
    round_started_at: now,
    attempts_made: 0,
    attempts_total: 0,
    next_attempt_at: null,
    lease: { token: 'att_of_the_dead', until },
    due_at: until,
    held_back_by: null,
    last_outcome: null,
    dead_letter: null,
    created_at: now,
    completed_at: null,
    attempts: [],
  };
  await store.deliveries.insertMany([delivery]);
}

function factOf({ merchant_id, type, references }: EventRecord): Fact {
  return { merchantId: merchant_id ?? '', type, reference: references[0] ?? '' };
}
