import type { Binary, Db } from 'mongodb';

/** What ingress kept of a merchant's notifications, past the API, which pages. */
export interface Kept {
  /** The bytes of each notification, by what it was found to be. */
  notifications: { verdict: string; body: Buffer }[];
  /** The bytes that merchants are sent, by the reference of the object. */
  events: Map<string, string>;
  /** The same of all events, also of two about one object. */
  bodies: Set<string>;
}

interface NotificationDocument {
  merchant_id: string;
  verdict: string;
  body: Binary;
}

interface EventDocument {
  merchant_id: string;
  references: string[];
  body: string;
}

export async function keptOf(database: Db, merchantId: string): Promise<Kept> {
  const notifications = database.collection<NotificationDocument>('notifications').find({ merchant_id: merchantId });
  const found = await database.collection<EventDocument>('events').find({ merchant_id: merchantId }).toArray();
  return {
    notifications: await notifications
      .map(({ verdict, body }) => ({ verdict, body: Buffer.from(body.buffer) }))
      .toArray(),
    events: new Map(found.map(({ references, body }) => [references[0] ?? '', body])),
    bodies: new Set(found.map(({ body }) => body)),
  };
}

export async function countsOf(database: Db, merchantId: string): Promise<{ events: number; notifications: number }> {
  const of = { merchant_id: merchantId };
  const [events, notifications] = await Promise.all([
    database.collection('events').countDocuments(of),
    database.collection('notifications').countDocuments(of),
  ]);
  return { events, notifications };
}
