/** One page of a list, newest first: `after` is the id of the last item of the page before (exclusive). */
export interface PageRequest {
  /** 1-100 */
  limit: number;
  after: string | null;
}

export interface Page<T> {
  items: T[];
  /** The id to pass as `after` for the next page; null on the last one. */
  next: string | null;
}
