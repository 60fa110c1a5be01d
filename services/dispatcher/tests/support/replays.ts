import { newId } from '@owngateway/domain';
import type { ReplayRecord, ReplaySelection } from '@owngateway/store';

/** A replay of an operator's, of all dead letters until `at`, as the API would have stored it. */
export function aReplay(
  at: Date,
  { selection, ...fields }: Partial<Omit<ReplayRecord, 'selection'>> & { selection?: Partial<ReplaySelection> } = {},
): ReplayRecord {
  return {
    _id: newId('rpl'),
    owner_key: 'operator',
    owner: { level: 'operator', id: 'ops' },
    selection: {
      status: ['failed'],
      subscription_id: null,
      types: null,
      merchant_id: null,
      since: new Date(0),
      until: null,
      snapshot_at: at,
      ...selection,
    },
    rate_per_s: 500,
    state: 'running',
    position: { stretch: 0, after: null },
    batch: null,
    matched: 0,
    replayed: 0,
    failed: 0,
    skipped: 0,
    failures: { payload_gone: 0, subscription_deleted: 0 },
    next_step_at: at,
    created_at: at,
    completed_at: null,
    ...fields,
  };
}
