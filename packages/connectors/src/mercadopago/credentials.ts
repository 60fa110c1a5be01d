import { z } from 'zod';
import { apiBaseUrl } from '../enrichment/api-base-url.ts';

export const MERCADO_PAGO_API = 'https://api.mercadopago.com';

/** Of one application: what its notifications are signed with, and what they are looked up with. */
export const mercadoPagoCredential = z.strictObject({
  webhook_secret: z
    .string()
    .regex(/^[\x21-\x7e]{8,255}$/, 'is the secret signature: 8 to 255 printable characters without spaces')
    .describe('The application’s secret signature for webhooks'),
  access_token: z
    .string()
    .regex(/^[A-Za-z0-9_-]{16,255}$/, 'is the access token: letters, digits, - and _')
    .describe('The access token, with which what a notification names is looked up'),
});

export const mercadoPagoSettings = z.strictObject({ api_base_url: apiBaseUrl(MERCADO_PAGO_API) });

export type MercadoPagoCredential = z.infer<typeof mercadoPagoCredential>;
export type MercadoPagoSettings = z.infer<typeof mercadoPagoSettings>;
