import { deliveryIdRangeOf } from '@owngateway/domain';

const EVENT_ID = /^evt_[0-9a-f]{32}$/;

/** False for a text that no event has as its id; its range of delivery ids would be that of all. */
export function isEventId(text: string): boolean {
  return EVENT_ID.test(text);
}

/** The half-open range of delivery ids in which every delivery of these events lies. */
export function deliveryIdSpanOf(eventIds: readonly string[]): { from: string; to: string } {
  const sorted = [...eventIds].sort();
  return { from: deliveryIdRangeOf(sorted[0] ?? '').from, to: deliveryIdRangeOf(sorted.at(-1) ?? '').to };
}
