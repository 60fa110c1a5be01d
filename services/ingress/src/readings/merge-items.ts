import type { NotificationItemRecord } from '@owngateway/store';

/**
 * The items of another reading, with what stands from those before: an event that was raised is not taken back, so its item
 * stays, also when today's mapping would raise nothing for it.
 */
export function mergeItems(
  before: readonly NotificationItemRecord[],
  today: readonly NotificationItemRecord[],
): NotificationItemRecord[] {
  const raised = new Map(before.filter(({ event_id }) => event_id !== null).map((item) => [item.dedupe_key, item]));
  const keys = new Set(today.map(({ dedupe_key }) => dedupe_key));
  const gone = [...raised.values()].filter(({ dedupe_key }) => !keys.has(dedupe_key));
  return [...today.map((item) => (item.event_id === null ? (raised.get(item.dedupe_key) ?? item) : item)), ...gone];
}
