import type { ReplayRecord } from '@owngateway/store';
import { z } from 'zod';
import { deliveryBody } from '../deliveries/present-delivery.ts';

/** A bulk replay as the API shows it. */
export const replayBody = z.object({
  id: z.string(),
  owner: z.string().describe('Whose replay it is, such as merchant:m_42, or operator'),
  state: z.enum(['running', 'done', 'cancelled']),
  status: z.array(deliveryBody.shape.status),
  subscription_id: z.string().nullable(),
  types: z.array(z.string()).nullable(),
  merchant_id: z.string().nullable(),
  since: z.iso.datetime(),
  until: z.iso.datetime().nullable(),
  rate_per_s: z.int(),
  matched: z.int().describe('Deliveries found so far; at the end, replayed, failed and skipped together'),
  replayed: z.int().describe('Began a new round'),
  failed: z.int().describe('Cannot be sent again; `failures` says why'),
  skipped: z.int().describe('Had moved on by their turn: delivered, cancelled, or replayed by somebody else'),
  failures: z.object({ payload_gone: z.int(), subscription_deleted: z.int() }),
  created_at: z.iso.datetime(),
  completed_at: z.iso.datetime().nullable(),
});

export function presentReplay(replay: ReplayRecord): z.output<typeof replayBody> {
  const { selection, failures } = replay;
  return {
    id: replay._id,
    owner: replay.owner_key,
    state: replay.state,
    status: selection.status,
    subscription_id: selection.subscription_id,
    types: selection.types,
    merchant_id: selection.merchant_id,
    since: selection.since.toISOString(),
    until: selection.until?.toISOString() ?? null,
    rate_per_s: replay.rate_per_s,
    matched: replay.matched,
    replayed: replay.replayed,
    failed: replay.failed,
    skipped: replay.skipped,
    failures: { payload_gone: failures.payload_gone, subscription_deleted: failures.subscription_deleted },
    created_at: replay.created_at.toISOString(),
    completed_at: replay.completed_at?.toISOString() ?? null,
  };
}
