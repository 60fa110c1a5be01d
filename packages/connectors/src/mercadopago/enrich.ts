import type { Enrichment, RawNotification } from '../connector.ts';
import { fetchObject } from '../enrichment/fetch-object.ts';
import type { Outside } from '../outside.ts';
import type { MercadoPagoCredential, MercadoPagoSettings } from './credentials.ts';
import { itemOf } from './facts.ts';
import { readMercadoPagoNotification } from './notification.ts';
import { itemOfNotification } from './parse.ts';

/** Looks up what a notification names, and tells all that is true of it; the keys tell what was said before. */
export async function enrichMercadoPago(
  notification: RawNotification,
  account: { credentials: readonly MercadoPagoCredential[]; settings: MercadoPagoSettings },
  outside: Outside,
): Promise<Enrichment> {
  const reading = readMercadoPagoNotification(notification);
  if (!reading.ok) {
    return { kind: 'resolved', items: [] };
  }
  const { topic, id } = reading.notification;
  if (topic === null || id === '') {
    return { kind: 'resolved', items: [itemOfNotification(reading.notification)] };
  }
  const tokens = [...new Set(account.credentials.map(({ access_token }) => access_token))];
  const fetched = await fetchObject({ url: account.settings.api_base_url + topic.path + id, id }, tokens, outside);
  return fetched.kind === 'fetched'
    ? { kind: 'resolved', items: topic.factsOf(fetched.written).map((fact) => itemOf(fact, fetched.object)) }
    : fetched;
}
