import type { EventObject, EventType } from '@owngateway/domain';
import { type Fields, fieldsOf, orderReferenceIn, reference, text, textsOf } from '../payload/fields.ts';
import { readJson } from '../payload/json.ts';
import { currencyOf, minorUnitsOfDecimal } from '../payload/money.ts';

/** Metadata is whatever the merchant gave; a short plain text among it is an order's number. */
const ORDER_NUMBER = /^[A-Za-z0-9][A-Za-z0-9._:#/-]{0,63}$/;

/**
 * An entity in our shape. What it is follows from the type: `refund.failed` is about a refund.
 *
 * @param parents what it belongs to, the nearest first
 */
export function readMollieObject(
  type: string,
  event: EventType,
  entity: Fields,
  parents: readonly Fields[],
): Partial<EventObject> {
  switch (type.slice(0, type.indexOf('.'))) {
    case 'payment':
      return readPayment(entity, event, parents);
    case 'payment-link':
      return { connector_reference: reference(entity.id), ...moneyOf(entity.amount) };
    case 'capture':
      // A payment is what failed; its capture is only named when the payment is not.
      return { ...readPart(entity, parents), connector_reference: reference(entity.paymentId) ?? reference(entity.id) };
    case 'chargeback':
      return { ...readPart(entity, parents), detail: event === 'chargeback' ? reasonOf(entity) : null };
    case 'subscription':
      return readSubscription(entity);
    default:
      return readPart(entity, parents);
  }
}

function readPayment(payment: Fields, event: EventType, parents: readonly Fields[]): Partial<EventObject> {
  const id = reference(payment.id);
  const captured = moneyOf(payment.amountCaptured);
  return {
    connector_reference: id,
    payment_reference: id,
    ...belongingsOf([payment, ...parents]),
    // What came in, not what was once asked for.
    ...(event === 'payment_succeeded' && captured.amount_minor ? captured : moneyOf(payment.amount)),
    detail: event === 'payment_failed' ? failureOf(payment) : null,
  };
}

/** A refund, a chargeback or a capture; the order is its payment's rather than its own. */
function readPart(part: Fields, parents: readonly Fields[]): Partial<EventObject> {
  return {
    connector_reference: reference(part.id),
    payment_reference: reference(part.paymentId),
    ...belongingsOf([...parents, part]),
    ...moneyOf(part.amount),
  };
}

function readSubscription(subscription: Fields): Partial<EventObject> {
  const status = text(subscription.status);
  return {
    connector_reference: reference(subscription.id),
    ...belongingsOf([subscription]),
    ...moneyOf(subscription.amount),
    ...(status === null ? {} : { status }),
  };
}

/** What the first of these things that knows it says of the order and the customer, and everybody's metadata. */
function belongingsOf(things: readonly Fields[]): Pick<EventObject, 'merchant_reference' | 'customer' | 'metadata'> {
  const first = (read: (thing: Fields) => string | null) => things.map(read).find((found) => found !== null) ?? null;
  return {
    merchant_reference: first(orderNumberOf) ?? first((thing) => reference(thing.orderId)),
    customer: first((thing) => reference(thing.customerId)),
    metadata: Object.assign({}, ...things.map((thing) => textsOf(metadataOf(thing))).reverse()),
  };
}

function orderNumberOf(thing: Fields): string | null {
  const metadata = metadataOf(thing);
  const plain = Number.isSafeInteger(metadata) ? String(metadata) : reference(metadata);
  return (
    orderReferenceIn(textsOf(metadata)) ??
    (plain !== null && ORDER_NUMBER.test(plain) ? plain : null) ??
    reference(thing.orderNumber)
  );
}

/** Some give an object, some the text of one. */
function metadataOf({ metadata }: Fields): unknown {
  if (typeof metadata !== 'string' || !metadata.startsWith('{')) {
    return metadata;
  }
  const json = readJson(Buffer.from(metadata));
  return json.ok ? json.value : metadata;
}

function failureOf(payment: Fields): string | null {
  return text(fieldsOf(payment.statusReason).code) ?? text(fieldsOf(payment.details).failureReason);
}

/** The bank's code of a returned direct debit. */
function reasonOf(chargeback: Fields): string | null {
  return text(fieldsOf(chargeback.reason).code);
}

function moneyOf(amount: unknown): Pick<EventObject, 'amount_minor' | 'currency'> {
  const { value, currency: code } = fieldsOf(amount);
  const currency = currencyOf(code);
  return { amount_minor: minorUnitsOfDecimal(value, currency), currency };
}
