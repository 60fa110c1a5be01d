import type { AwaitingEvent } from '@owngateway/store';

/** Each event with how many of its own merchant's come before it in the list. */
export function countedPerMerchant(events: readonly AwaitingEvent[]): { event: AwaitingEvent; before: number }[] {
  const counts = new Map<string | null, number>();
  return events.map((event) => {
    const before = counts.get(event.merchant_id) ?? 0;
    counts.set(event.merchant_id, before + 1);
    return { event, before };
  });
}
