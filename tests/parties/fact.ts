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
