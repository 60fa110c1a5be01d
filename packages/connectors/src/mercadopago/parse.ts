import type { NotificationItem, ParsedNotification, RawNotification } from '../connector.ts';
import { type MercadoPagoNotification, readMercadoPagoNotification } from './notification.ts';

/** One thing, which is to be looked up: what the body says of it is not signed. */
export function parseMercadoPago(notification: RawNotification): ParsedNotification {
  const reading = readMercadoPagoNotification(notification);
  return reading.ok ? { ok: true, items: [itemOfNotification(reading.notification)] } : reading;
}

/** What a notification says by itself: something is new about this thing. */
export function itemOfNotification({ name, topic, id }: MercadoPagoNotification): NotificationItem {
  const item = { key: `${name}:${id}`, connectorType: name, event: null };
  if (topic === null) {
    return { ...item, reason: 'unmapped' };
  }
  return { ...item, reason: id === '' ? 'unsupported' : 'unresolved' };
}
