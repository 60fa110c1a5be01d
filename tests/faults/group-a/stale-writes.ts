import type { DeliveryBody } from '../../parties/records.ts';
import type { Finding } from '../fault-row.ts';
import type { Traffic } from '../traffic.ts';

type WithEnd = DeliveryBody & { completed_at: string | null };

/**
 * Remembers what the API says of every delivered event now. What it returns tells, later, how many of them a process that
 * was not itself in between has changed.
 */
export async function rememberDelivered(traffic: Traffic): Promise<() => Promise<Finding>> {
  const read = async () =>
    (await Promise.all(traffic.shops.map(({ api }) => api.list<WithEnd>('/v1/deliveries')))).flat();
  const before = (await read()).filter(({ status }) => status === 'delivered');
  return async () => {
    const after = new Map((await read()).map((delivery) => [delivery.id, delivery]));
    const changed = before.filter(({ id, status, completed_at }) => {
      const now = after.get(id);
      return now?.status !== status || now.completed_at !== completed_at;
    });
    return {
      met: changed.length === 0,
      figure: `stale writes ${changed.length} of ${before.length} delivered before`,
      figures: { stale_writes: changed.length, delivered_before: before.length },
    };
  };
}
