import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { rawNotification } from '../testing/contract-subject.ts';
import { describeConnector } from '../testing/contract-suite.ts';
import { compiledSettings } from './compile.ts';
import { generic } from './connector.ts';
import { genericDefinition } from './definition/definition.ts';

/** An in-house provider: signed as Stripe does it, and several facts at once. */
const definition = genericDefinition.parse({
  signature: { algorithm: 'hmac-sha256', header: 'X-Acme-Signature', pair: 'v1', signed: '{timestamp}.{body}' },
  timestamp: { source: 'pair:t', unit: 's' },
  items: 'events',
  event_id: 'id',
  event_type: 'kind',
  occurred_at: { path: 'at', unit: 'iso8601' },
  object: {
    connector_reference: 'payment.no',
    merchant_reference: 'payment.order',
    amount: { path: 'payment.amount', unit: 'major' },
    currency: 'payment.currency | $.currency',
    metadata: 'payment.tags',
  },
  mapping: [
    { type: 'paid', event: 'payment_succeeded', origin: 'bank' },
    { type: 'failed', when: { field: 'payment.final', is: ['true'] }, event: 'payment_failed' },
    { type: 'failed', event: 'payment_processing', detail: 'failed_once' },
    { type: 'log.*', event: null },
  ],
});
const event = (id: string, kind: string, payment: object = {}) => ({
  id,
  kind,
  at: '2026-11-21T10:00:00Z',
  payment: { no: 4_711, order: 'A-17', amount: 20.1, tags: { channel: 'web' }, ...payment },
});
const notification = (...events: object[]) => ({ currency: 'EUR', events });
const sign = (payload: object | Buffer, { secret }: { secret: string }, at: Date) => {
  const body = Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload));
  const t = at.getTime() / 1000;
  const signature = createHmac('sha256', secret).update(`${t}.`).update(body).digest('hex');
  return rawNotification(body, { 'x-acme-signature': `t=${t},v1=${signature}` });
};
const cases = [
  {
    row: 'paid',
    payload: notification(event('e1', 'paid')),
    object: {
      amount_minor: 2_010,
      currency: 'EUR',
      connector_reference: '4711',
      payment_reference: '4711',
      merchant_reference: 'A-17',
      metadata: { channel: 'web' },
    },
  },
  { row: 'failed', condition: 'payment.final is true', payload: notification(event('e2', 'failed', { final: true })) },
  {
    row: 'failed',
    payload: notification(event('e3', 'failed', { final: false, currency: 'JPY', amount: 20 })),
    object: { currency: 'JPY', amount_minor: 20 },
  },
  { row: 'log.*', payload: notification(event('e4', 'log.read')) },
];

describeConnector({
  // As the suite knows connectors: with the definition taken as given.
  connector: {
    name: generic.name,
    title: generic.title,
    credentialSchema: generic.credentialSchema,
    decoyCredential: generic.decoyCredential,
    acknowledgement: generic.acknowledgement,
    guide: generic.guide,
    settingsSchema: z.strictObject({}),
    verify: (raw, credentials, _settings, now) => generic.verify(raw, credentials, definition, now),
    parse: (raw) => generic.parse(raw, definition),
    mappings: compiledSettings(definition)?.mappings ?? [],
  },
  settings: {},
  credentials: {
    current: { secret: 'acme-secret-1' },
    previous: { secret: 'acme-secret-0' },
    other: { secret: 'another-secret' },
  },
  signedAt: new Date('2026-11-21T10:00:01Z'),
  toleranceS: 300,
  signatureHeader: 'x-acme-signature',
  sign,
  signedFacts({ headers, body }) {
    const [t = '', v1 = ''] = headers['x-acme-signature']?.join().split(',v1=') ?? [];
    return [`${t} ${v1.toLowerCase()} ${body.toString('hex')}`];
  },
  sources: (payload) => ('events' in payload && Array.isArray(payload.events) ? payload.events : []),
  genuine: cases[0]?.payload ?? {},
  unknown: notification(event('e5', 'opened')),
  batch: {
    payload: notification(event('e6', 'paid'), event('e7', 'failed'), event('e8', 'unknown')),
    keys: ['e6', 'e7', 'e8'],
  },
  cases,
});
