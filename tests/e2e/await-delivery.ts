import type { Api } from '../parties/api.ts';
import { eventually } from '../parties/eventually.ts';
import type { DeliveryBody, DeliveryStatus, DeliveryWithAttemptsBody, EventBody } from '../parties/records.ts';

/** The one event with this reference, once the API shows it. */
export async function findEvent(
  api: Api,
  reference: string,
  type = 'payment_succeeded',
  deadlineMs = 15_000,
): Promise<EventBody> {
  const [event] = await eventually(
    async () => {
      const events = await api.list<EventBody>('/v1/events', { object_reference: reference, type });
      return events.length > 0 && events;
    },
    { what: `an event about ${reference}`, deadlineMs },
  );
  if (event === undefined) throw new Error('unreachable: the list is not empty');
  return event;
}

/** A delivery with its attempts, once it is in this state and has had so many attempts. */
export async function awaitDelivery(
  api: Api,
  query: { event_id: string; subscription_id: string },
  status: DeliveryStatus,
  attempts = 1,
  deadlineMs = 15_000,
): Promise<DeliveryWithAttemptsBody> {
  let seen = 'none';
  return eventually(
    async () => {
      const [found] = await api.list<DeliveryBody>('/v1/deliveries', query);
      if (found === undefined) return false;
      seen = `${found.status} after ${found.attempts_made} attempts`;
      if (found.status !== status || found.attempts_made < attempts) return false;
      return api.get<DeliveryWithAttemptsBody>(`/v1/deliveries/${found.id}`);
    },
    {
      get what() {
        return `delivery of ${query.event_id} ${status} after ${attempts} attempts (it is ${seen})`;
      },
      deadlineMs,
    },
  );
}
