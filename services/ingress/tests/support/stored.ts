import type { EventRecord, NotificationRecord, Store } from '@owngateway/store';

const OPERATOR = { level: 'operator' } as const;

/** All events of a merchant. */
export async function eventsOf(store: Store, merchantId: string): Promise<EventRecord[]> {
  const events: EventRecord[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<Store['events']['list']>> = await store.events.list(
      OPERATOR,
      { merchantId },
      { limit: 100, after },
    );
    events.push(...page.items);
    after = page.next;
  } while (after !== null);
  return events;
}

/** The newest hundred notifications of a merchant, newest first. */
export async function notificationsOf(
  store: Store,
  merchantId: string,
): Promise<Omit<NotificationRecord, 'body' | 'headers'>[]> {
  const page = await store.notifications.list(OPERATOR, { merchantId }, { limit: 100, after: null });
  return page.items;
}
