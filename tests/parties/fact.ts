import type { EventBody } from './records.ts';

/** What a notification says happened; every mapped fact must become exactly one event. */
export interface Fact {
  merchantId: string;
  /** The event type that it must be mapped to. */
  type: string;
  /** The vendor's reference of the object; unique per fact of one type in a run. */
  reference: string;
}

/** One text per fact, to compare by. */
export function factKey({ merchantId, type, reference }: Fact): string {
  return `${merchantId} ${type} ${reference}`;
}

/** The facts that an event may stand for: one per reference of its object. */
export function factKeysOf({ merchant_id, type, object_references }: EventBody): string[] {
  return object_references.map((reference) => factKey({ merchantId: merchant_id ?? '', type, reference }));
}
