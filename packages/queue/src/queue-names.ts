import { createHash } from 'node:crypto';

/**
 * What each queue is for (architecture, decision 3). `events`: fan-out and first attempts. `events-overflow`: the same for
 * what exceeds a merchant's share (rule 10). `deliveries`: first attempts that must wait. `retries`: later attempts, so that
 * a backlog of them never delays first ones. `notifications`: those that must be read again, for what they name has to be
 * fetched or because a person asks; ingress works on it. `dead-letters`: a bounded window for queue tools, without a worker
 * (rule 17).
 */
export type QueueKind = 'events' | 'events-overflow' | 'deliveries' | 'retries' | 'notifications' | 'dead-letters';

/** Queues that `QUEUE_SHARDS` splits; the others have little to carry. */
export type ShardedQueueKind = Exclude<QueueKind, 'notifications' | 'dead-letters'>;

/** Queues that have workers. */
export type WorkedQueueKind = Exclude<QueueKind, 'dead-letters'>;

/**
 * The name of a queue. It carries a hash tag, so that all keys of one queue lie in one slot of a Redis Cluster and
 * different queues in different ones.
 */
export function queueName(kind: QueueKind, shard = 0, shards = 1): string {
  return shards > 1 && isSharded(kind) ? `{${kind}-${shard}}` : `{${kind}}`;
}

/** The names of all shards of a queue. */
export function queueNames(kind: QueueKind, shards: number): string[] {
  const count = isSharded(kind) ? shards : 1;
  return Array.from({ length: count }, (_, shard) => queueName(kind, shard, shards));
}

/** The shard of an id: always the same one, so that adding a job again finds the first. */
export function shardOf(id: string, shards: number): number {
  return shards === 1 ? 0 : createHash('sha256').update(id).digest().readUInt32BE(0) % shards;
}

function isSharded(kind: QueueKind): kind is ShardedQueueKind {
  return kind !== 'dead-letters' && kind !== 'notifications';
}
