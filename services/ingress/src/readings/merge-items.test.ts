import type { NotificationItemRecord } from '@owngateway/store';
import { mergeItems } from './merge-items.ts';

const item = (key: string, eventId: string | null): NotificationItemRecord => ({
  dedupe_key: key,
  connector_type: 'paid',
  event_id: eventId,
  event_type: eventId === null ? null : 'payment_succeeded',
  reason: eventId === null ? 'unmapped' : null,
});

describe('mergeItems', () => {
  it('takes what is read today, and keeps every event that was raised before', () => {
    const before = [item('a', 'evt_a'), item('b', null), item('c', 'evt_c'), item('d', null)];
    const today = [item('a', null), item('b', 'evt_b'), item('e', null)];
    expect(mergeItems(before, today)).toEqual([
      item('a', 'evt_a'),
      item('b', 'evt_b'),
      item('e', null),
      item('c', 'evt_c'),
    ]);
  });
});
