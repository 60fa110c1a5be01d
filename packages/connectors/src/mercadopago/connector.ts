import { randomBytes } from 'node:crypto';
import type { Connector } from '../connector.ts';
import {
  type MercadoPagoCredential,
  type MercadoPagoSettings,
  mercadoPagoCredential,
  mercadoPagoSettings,
} from './credentials.ts';
import { enrichMercadoPago } from './enrich.ts';
import { mercadoPagoGuide } from './guide.ts';
import { mercadoPagoMapping } from './mapping.ts';
import { parseMercadoPago } from './parse.ts';
import { verifyMercadoPago } from './verify.ts';

/** Mercado Pago: 200 or 201 within 22 s acknowledges. */
export const mercadoPago: Connector<MercadoPagoCredential, MercadoPagoSettings> = {
  name: 'mercadopago',
  title: 'Mercado Pago',
  credentialSchema: mercadoPagoCredential,
  settingsSchema: mercadoPagoSettings,
  decoyCredential: () => ({
    webhook_secret: randomBytes(32).toString('hex'),
    access_token: `APP_USR-${randomBytes(24).toString('hex')}`,
  }),
  verify: verifyMercadoPago,
  parse: parseMercadoPago,
  enrich: enrichMercadoPago,
  acknowledgement: { status: 200, contentType: null, body: '' },
  guide: mercadoPagoGuide,
  mappings: mercadoPagoMapping.published,
};
