import type { Fields } from '../payload/fields.ts';
import { factsOfChargeback, factsOfClaim } from './dispute-facts.ts';
import type { MercadoPagoFact } from './facts.ts';
import { factsOfOrder } from './order-facts.ts';
import { factsOfAuthorizedPayment, factsOfPayment } from './payment-facts.ts';
import { factsOfSubscription } from './subscription-facts.ts';

/** What is fetched when a notification has this topic. */
export interface Topic {
  /** The shape of an id; nothing else ever becomes part of a URL. */
  id: RegExp;
  /** The path that the id is added to. */
  path: string;
  factsOf(thing: Fields): MercadoPagoFact[];
}

const NUMBER = /^\d{1,20}$/;
const LETTERS_AND_DIGITS = /^[A-Za-z0-9]{1,64}$/;

const chargebacks: Topic = { id: LETTERS_AND_DIGITS, path: '/v1/chargebacks/', factsOf: factsOfChargeback };
const claims: Topic = { id: NUMBER, path: '/post-purchase/v1/claims/', factsOf: factsOfClaim };

/** By the names that Mercado Pago has for them, the older ones too. */
export const topics: ReadonlyMap<string, Topic> = new Map([
  ['payment', { id: NUMBER, path: '/v1/payments/', factsOf: factsOfPayment }],
  ['order', { id: LETTERS_AND_DIGITS, path: '/v1/orders/', factsOf: factsOfOrder }],
  ['topic_chargebacks_wh', chargebacks],
  ['chargebacks', chargebacks],
  ['topic_claims_integration_wh', claims],
  ['claims', claims],
  ['subscription_preapproval', { id: LETTERS_AND_DIGITS, path: '/preapproval/', factsOf: factsOfSubscription }],
  ['subscription_authorized_payment', { id: NUMBER, path: '/authorized_payments/', factsOf: factsOfAuthorizedPayment }],
]);
