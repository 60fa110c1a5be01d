import { createEnqueuer } from './enqueuer.ts';

describe('createEnqueuer', () => {
  it('puts what collects while one add is on its way into the next one', async () => {
    const groups: number[] = [];
    const release: (() => void)[] = [];
    const addEvents = (ids: readonly string[]) => {
      groups.push(ids.length);
      return new Promise<void>((resolve) => void release.push(resolve));
    };
    const producer = { addEvents, addOverflow: async () => undefined, addNotifications: async () => undefined };
    const enqueuer = createEnqueuer({ producer, onLost: () => undefined });
    for (const ids of [['evt_1'], ['evt_2']]) {
      enqueuer.offer(ids);
      await new Promise(setImmediate);
    }
    enqueuer.offer(['evt_3', 'evt_4']);
    enqueuer.offer([]);
    enqueuer.offer(['evt_5']);
    const drained = enqueuer.drain();
    while (release.length > 0) {
      release.shift()?.();
      await new Promise(setImmediate);
    }
    await drained;
    expect(groups).toEqual([1, 4]);
  });

  it('counts what Redis refuses, and goes on', async () => {
    const lost: number[] = [];
    const away = () => Promise.reject(new Error('away'));
    const producer = { addEvents: away, addOverflow: away, addNotifications: away };
    const enqueuer = createEnqueuer({ producer, onLost: (count) => void lost.push(count) });
    enqueuer.offer(['evt_1', 'evt_2']);
    await enqueuer.drain();
    enqueuer.offer(['evt_3']);
    await enqueuer.drain();
    enqueuer.offerOverflow([{ eventId: 'evt_4', merchantId: 'm_1', behind: 0 }]);
    await enqueuer.drain();
    enqueuer.offerNotifications([{ notificationId: 'ntf_1', accountId: 'acct_1', round: 0 }]);
    await enqueuer.drain();
    expect(lost).toEqual([2, 1, 1, 1]);
  });

  it('keeps no more than 20,000 waiting while Redis hangs', async () => {
    let lost = 0;
    const onLost = (count: number) => {
      lost += count;
    };
    const hangs = () => new Promise<void>(() => undefined);
    const producer = { addEvents: hangs, addOverflow: hangs, addNotifications: hangs };
    const enqueuer = createEnqueuer({ producer, onLost });
    for (let index = 0; index < 30_000; index += 100) {
      enqueuer.offer(Array.from({ length: 100 }, (_, at) => `evt_${index + at}`));
    }
    await new Promise(setImmediate);
    expect(enqueuer.waiting).toBeLessThanOrEqual(20_000);
    expect(lost).toBeGreaterThanOrEqual(9_000);
  });
});
