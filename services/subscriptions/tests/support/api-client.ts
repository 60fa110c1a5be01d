/** An answer, read to its end. */
export interface ApiAnswer {
  status: number;
  headers: Headers;
  /** Parsed JSON; undefined when there was no body. Tests look into it freely. */
  body: Json;
}

/** JSON as tests look into it: any field of it may be asked for. */
export interface Json {
  [key: string]: Json;
}

export interface ApiClient {
  token: string;
  get(path: string): Promise<ApiAnswer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer>;
  put(path: string, body?: unknown): Promise<ApiAnswer>;
  patch(path: string, body?: unknown): Promise<ApiAnswer>;
  delete(path: string): Promise<ApiAnswer>;
  /** Whatever else: a body as text, another media type. */
  send(method: string, path: string, options?: { body?: string; headers?: Record<string, string> }): Promise<ApiAnswer>;
}

/** A client with one token; an empty one sends none. */
export function clientOf(url: string, token: string): ApiClient {
  const authorization: Record<string, string> = token === '' ? {} : { authorization: `Bearer ${token}` };

  const send: ApiClient['send'] = async (method, path, { body, headers = {} } = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...authorization, ...headers },
      redirect: 'manual',
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
  };
  const json =
    (method: string) =>
    (path: string, body?: unknown, headers: Record<string, string> = {}) =>
      body === undefined
        ? send(method, path, { headers })
        : send(method, path, {
            body: JSON.stringify(body),
            headers: { 'content-type': 'application/json', ...headers },
          });
  return {
    token,
    send,
    get: (path) => send('GET', path),
    post: json('POST'),
    put: json('PUT'),
    patch: json('PATCH'),
    delete: (path) => send('DELETE', path),
  };
}
