import type { Api } from '../../../parties/api.ts';

/** Subscribes an URL to everything. What fails is tried again only long after the row, so that it is one attempt. */
export async function subscribeUrl(api: Api, url: string, settings: object = {}): Promise<void> {
  await api.post('/v1/subscriptions', { url, event_types: ['*'], retry_policy: { delays_s: [3_600] }, ...settings });
}
