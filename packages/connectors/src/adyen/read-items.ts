import { type Fields, fieldsOf, isFields } from '../payload/fields.ts';
import { readJson } from '../payload/json.ts';

/** The eight fields that Adyen signs, as the texts that are signed; a missing one is empty. */
export interface AdyenSignedFields {
  pspReference: string;
  originalReference: string;
  merchantAccountCode: string;
  merchantReference: string;
  amountValue: string;
  amountCurrency: string;
  eventCode: string;
  success: string;
}

export interface AdyenItem {
  /** Null when one of the fields is not a plain value. */
  signed: AdyenSignedFields | null;
  /** Everything else is not vouched for by the signature. */
  unsigned: { eventDate: unknown; reason: unknown; additionalData: Fields };
  /** All of it, as it was sent. */
  source: Fields;
}

export type AdyenReading = { ok: true; items: AdyenItem[] } | { ok: false; detail: string };

/** Reads the items of a notification, the same way for checking and for mapping. */
export function readAdyenItems(body: Buffer): AdyenReading {
  const json = readJson(body);
  if (!json.ok) {
    return json;
  }
  const list = isFields(json.value) ? json.value.notificationItems : undefined;
  if (!Array.isArray(list)) {
    return { ok: false, detail: 'the body has no list of notificationItems' };
  }
  return { ok: true, items: list.map((entry) => itemOf(fieldsOf(fieldsOf(entry).NotificationRequestItem))) };
}

/** The text that is signed. Nothing is escaped, also not a colon: Adyen's library does not do it for this webhook. */
export function signedTextOf(signed: AdyenSignedFields): string {
  return [
    signed.pspReference,
    signed.originalReference,
    signed.merchantAccountCode,
    signed.merchantReference,
    signed.amountValue,
    signed.amountCurrency,
    signed.eventCode,
    signed.success,
  ].join(':');
}

/**
 * Does the signed text say which field ends where? It does as long as a colon is in the merchant's reference alone.
 * Otherwise somebody with a genuine item could move its colons (`a:b` in the reference) and have another payment that
 * is just as signed.
 */
export function isUnambiguous({ merchantReference: _, ...others }: AdyenSignedFields): boolean {
  return Object.values(others).every((value) => !value.includes(':'));
}

function itemOf(item: Fields): AdyenItem {
  const { eventDate, reason } = item;
  return {
    signed: signedFieldsOf(item),
    unsigned: { eventDate, reason, additionalData: fieldsOf(item.additionalData) },
    source: item,
  };
}

function signedFieldsOf(item: Fields): AdyenSignedFields | null {
  const amount = fieldsOf(item.amount);
  const found = {
    pspReference: plainText(item.pspReference),
    originalReference: plainText(item.originalReference),
    merchantAccountCode: plainText(item.merchantAccountCode),
    merchantReference: plainText(item.merchantReference),
    amountValue: plainText(amount.value),
    amountCurrency: plainText(amount.currency),
    eventCode: plainText(item.eventCode),
    success: plainText(item.success),
  };
  return isComplete(found) ? found : null;
}

function isComplete(found: Record<keyof AdyenSignedFields, string | null>): found is AdyenSignedFields {
  return Object.values(found).every((value) => value !== null);
}

/** A plain value as the text that is signed. Lone surrogates have no UTF-8 and would all be signed alike. */
function plainText(value: unknown): string | null {
  if (value === undefined || value === null) {
    return '';
  }
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isPlain && String(value).isWellFormed() ? String(value) : null;
}
