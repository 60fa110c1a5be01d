import { Pool } from 'undici';

/** What is posted, and where. */
export interface Post {
  url: string;
  body: string | Uint8Array;
  headers: Readonly<Record<string, string | string[]>>;
}

/** Posts over connections that are kept, much more cheaply than `fetch`, and adds no header of its own. */
export interface Poster {
  /** The status; 0 stands for no answer. */
  post(post: Post): Promise<number>;
  /** How often each status came. */
  readonly statuses: ReadonlyMap<number, number>;
  /** How many have not been answered yet. */
  underWay(): number;
}

const PATIENCE_MS = 10_000;

/** @param origin the host and port of this URL are the only ones that can be posted to */
export function openPoster(origin: string, connections: number, onEnd: (end: () => unknown) => void): Poster {
  const pool = new Pool(new URL(origin).origin, {
    connections,
    headersTimeout: PATIENCE_MS,
    bodyTimeout: PATIENCE_MS,
    keepAliveTimeout: 4_000,
  });
  onEnd(() => pool.destroy());
  const statuses = new Map<number, number>();
  let underWay = 0;
  return {
    statuses,
    underWay: () => underWay,
    async post({ url, body, headers }) {
      const { pathname, search } = new URL(url);
      let status = 0;
      underWay += 1;
      try {
        const answer = await pool.request({ method: 'POST', path: `${pathname}${search}`, headers, body });
        await answer.body.dump();
        status = answer.statusCode;
      } catch {
        // Cut, reset or too slow: no answer.
      }
      underWay -= 1;
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      return status;
    },
  };
}

/** `401: 12, 503: 3`, for the table. */
export function describeStatuses(statuses: ReadonlyMap<number, number>): string {
  const named = [...statuses].sort(([one], [other]) => one - other);
  return named.map(([status, count]) => `${status === 0 ? 'none' : status}: ${count}`).join(', ');
}
