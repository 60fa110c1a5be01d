import type { ReadNotification } from './read-notification.ts';

/**
 * What was read, with the events that stand for its facts: those that were there before where the keys were known.
 *
 * @param standingIds as the event log gave them for `content.events`
 */
export function withStandingEvents(content: ReadNotification, standingIds: readonly string[]): ReadNotification {
  const standing = new Map(content.events.map(({ _id }, index) => [_id, standingIds[index] ?? _id]));
  const items = content.items.map((item) => ({
    ...item,
    event_id: item.event_id === null ? null : (standing.get(item.event_id) ?? item.event_id),
  }));
  return { ...content, items };
}
