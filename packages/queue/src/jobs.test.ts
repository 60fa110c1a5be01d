import { deliveryJobId, notificationJobId } from './jobs.ts';
import { queueName, queueNames, shardOf } from './queue-names.ts';

describe('names and ids of the queues', () => {
  it('carry a hash tag, so that the keys of one queue share a slot of a Redis Cluster', () => {
    expect(queueName('events')).toBe('{events}');
    expect(queueName('retries', 1, 3)).toBe('{retries-1}');
    expect(queueNames('deliveries', 2)).toEqual(['{deliveries-0}', '{deliveries-1}']);
  });

  it.each(['dead-letters', 'notifications'] as const)('never split %s', (kind) => {
    expect(queueNames(kind, 4)).toEqual([`{${kind}}`]);
    expect(queueName(kind, 3, 4)).toBe(`{${kind}}`);
  });

  it('find the same shard for the same id, and use all shards', () => {
    const ids = Array.from({ length: 200 }, (_, n) => `dlv_${n}-0`);
    expect(ids.map((id) => shardOf(id, 4))).toEqual(ids.map((id) => shardOf(id, 4)));
    expect(new Set(ids.map((id) => shardOf(id, 4)))).toEqual(new Set([0, 1, 2, 3]));
    expect(new Set(ids.map((id) => shardOf(id, 1)))).toEqual(new Set([0]));
  });

  it('have no colon in job ids, and another id in every round', () => {
    expect(deliveryJobId('dlv_1', 0)).toBe('dlv_1-0');
    expect(deliveryJobId('dlv_1', 1)).toBe('dlv_1-1');
    expect(notificationJobId('ntf_1', 2)).toBe('ntf_1-2');
  });
});
