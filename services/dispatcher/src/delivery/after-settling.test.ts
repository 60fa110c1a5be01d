import type { Settlement } from '@owngateway/store';
import { aRecipient, NOW_MS } from '../../tests/support/fakes.ts';
import { createAftermath } from './after-settling.ts';

const DELIVERY = { id: 'dlv_1', round: 2 };
const RETRYING: Settlement['next'] = { status: 'retrying', nextAttemptAt: new Date(NOW_MS + 5_000) };
const FAILED: Settlement['next'] = { status: 'failed', reason: 'retries_exhausted', at: new Date(NOW_MS) };

function setUp(fault?: Error) {
  const done: unknown[] = [];
  const instead: unknown[] = [];
  const note = async (...what: unknown[]) => {
    if (fault !== undefined) throw fault;
    done.push(what);
  };
  const aftermath = createAftermath({
    producer: {
      addRetries: (list, options) => {
        instead.push(options?.instead);
        return note('retry', ...list);
      },
      addDeadLetters: (ids) => note('dead', ...ids),
    },
    switchOff: ({ subscriptionId }, cause) => note('switch off', subscriptionId, cause),
    nowMs: () => NOW_MS,
    onTrouble: (what, error) => void done.push(['trouble', what, error]),
  });
  return { aftermath, done, instead };
}

describe('what follows a result', () => {
  it('is a job for the retry, at its time', async () => {
    const { aftermath, done } = setUp();
    await aftermath.follow(DELIVERY, aRecipient(), RETRYING);
    expect(done).toEqual([['retry', { deliveryId: 'dlv_1', round: 2, subscriptionId: 'sub_1', delayMs: 5_000 }]]);
  });

  it('takes the place of a job from before a hold', async () => {
    const { aftermath, instead } = setUp();
    await aftermath.follow({ ...DELIVERY, wasHeld: true }, aRecipient(), RETRYING);
    await aftermath.follow(DELIVERY, aRecipient(), RETRYING);
    expect(instead).toEqual([true, false]);
  });

  it('is none where the job at hand comes back by itself', async () => {
    const { aftermath, done } = setUp();
    await aftermath.followWithoutRetry(DELIVERY, aRecipient(), RETRYING);
    expect(done).toEqual([]);
  });

  it.each(['follow', 'followWithoutRetry'] as const)('is a dead letter (%s)', async (way) => {
    const { aftermath, done } = setUp();
    await aftermath[way](DELIVERY, aRecipient(), FAILED);
    expect(done).toEqual([['dead', 'dlv_1']]);
  });

  it('switches the subscription off', async () => {
    const { aftermath, done } = setUp();
    await aftermath.follow(DELIVERY, aRecipient(), { status: 'held' });
    expect(done).toEqual([['switch off', 'sub_1', { kind: 'gone' }]]);
  });

  it('never fails: the sweeper mends it', async () => {
    const away = new Error('away');
    const { aftermath, done } = setUp(away);
    await aftermath.follow(DELIVERY, aRecipient(), RETRYING);
    await aftermath.follow(DELIVERY, aRecipient(), FAILED);
    await aftermath.follow(DELIVERY, aRecipient(), { status: 'held' });
    expect(done).toEqual([
      ['trouble', 'enqueue', away],
      ['trouble', 'enqueue', away],
      ['trouble', 'disable', away],
    ]);
  });
});
