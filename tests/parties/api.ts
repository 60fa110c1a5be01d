import { setTimeout as pause } from 'node:timers/promises';

const DEADLINE_MS = 15_000;
const LONGEST_PAGE = 100;

/** An answer that was not the expected one. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;

  constructor(method: string, path: string, status: number, body: string) {
    super(`${method} ${path} was answered with ${status}: ${body.slice(0, 500)}`);
    this.status = status;
  }
}

/** The merchant API as one token sees it. Every call throws ApiError for anything but a 2xx. */
export interface Api {
  get<Body>(path: string): Promise<Body>;
  post<Body>(path: string, body?: object): Promise<Body>;
  put<Body>(path: string, body: object): Promise<Body>;
  patch<Body>(path: string, body: object): Promise<Body>;
  delete(path: string): Promise<void>;
  /** All pages of a list. */
  list<Item>(path: string, query?: Readonly<Record<string, string>>): Promise<Item[]>;
  /** The status alone, whatever it is. */
  status(path: string): Promise<number>;
}

/** Waits when it is told that it asks too often (429), as a client should. */
export function openApi(apiUrl: string, token: string): Api {
  async function send(method: string, path: string, body?: object): Promise<Response> {
    const end = performance.now() + DEADLINE_MS;
    for (;;) {
      const response = await fetch(`${apiUrl}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
      if (response.status !== 429 || performance.now() > end) return response;
      await response.body?.cancel();
      await pause(Number(response.headers.get('retry-after') ?? '1') * 1000);
    }
  }

  async function call<Body>(method: string, path: string, body?: object): Promise<Body> {
    const response = await send(method, path, body);
    const text = await response.text();
    if (!response.ok) throw new ApiError(method, path, response.status, text);
    return (text === '' ? undefined : JSON.parse(text)) as Body;
  }

  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    put: (path, body) => call('PUT', path, body),
    patch: (path, body) => call('PATCH', path, body),
    delete: (path) => call('DELETE', path),
    async list<Item>(path: string, query: Readonly<Record<string, string>> = {}) {
      const items: Item[] = [];
      let cursor: string | null = null;
      do {
        const search = new URLSearchParams({ ...query, limit: String(LONGEST_PAGE), ...(cursor && { cursor }) });
        const page: { data: Item[]; next_cursor: string | null } = await call('GET', `${path}?${search}`);
        items.push(...page.data);
        cursor = page.next_cursor;
      } while (cursor !== null);
      return items;
    },
    async status(path) {
      const response = await send('GET', path);
      await response.body?.cancel();
      return response.status;
    },
  };
}
