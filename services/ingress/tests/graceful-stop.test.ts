import { addAccount } from './support/accounts.ts';
import { send, stripeEvent, stripeRequest } from './support/notifications.ts';
import { openTestStores, startIngress, type TestStores } from './support/start-ingress.ts';
import { eventsOf } from './support/stored.ts';
import { waitingEventsJobs } from './support/waiting-jobs.ts';

// Real stores, on a machine that may be busy.
jest.setTimeout(60_000);

let stores: TestStores;

beforeAll(async () => {
  stores = await openTestStores();
  await addAccount(stores.store, 'm_1', 'stripe');
});

afterAll(() => stores.store.close());

it('finishes what it has begun: every 2xx has its event, and the events are on their queue', async () => {
  const ingress = await startIngress(stores);
  const answers = Array.from({ length: 200 }, (_, index) =>
    send(ingress.url, '/webhooks/m_1/stripe', stripeRequest(stripeEvent(`evt_${index}`))).then(
      (response) => response.status,
      () => 'not connected' as const,
    ),
  );
  // Some are through, most are not.
  await Promise.race(answers);
  expect(await ingress.stop()).toBe(0);
  const statuses = await Promise.all(answers);
  const accepted = statuses.filter((status) => status === 200).length;
  expect(new Set(statuses.filter((status) => status !== 200 && status !== 'not connected'))).toEqual(new Set());
  expect(accepted).toBeGreaterThan(0);
  const stored = (await eventsOf(stores.store, 'm_1')).length;
  expect(stored).toBeGreaterThanOrEqual(accepted);
  const jobs = await waitingEventsJobs(stores);
  // One job carries up to 25 ids.
  expect(jobs).toBeGreaterThanOrEqual(Math.ceil(stored / 25));
  expect(ingress.log.join('')).not.toContain('events not enqueued');
});
