import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Outside } from '../src/outside.ts';

export interface VendorAnswer {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body: string;
}

/** A vendor's API on this machine: it knows what it was told, and calls everything else missing. */
export interface VendorDouble {
  readonly url: string;
  /** What it was asked, in order. */
  readonly asked: readonly { path: string; headers: IncomingHttpHeaders }[];
  /** What is answered to a GET of this path with its query; for one bearer token, or for all. */
  answer(path: string, answer: VendorAnswer, token?: string): void;
  /** The same for an object, with 200. */
  holds(path: string, object: unknown): void;
  close(): Promise<void>;
}

export async function openVendorDouble(): Promise<VendorDouble> {
  const answers = new Map<string, VendorAnswer>();
  const asked: { path: string; headers: IncomingHttpHeaders }[] = [];
  const server = createServer(({ method, url: path = '', headers }, response) => {
    asked.push({ path, headers });
    const known = answers.get(`${headers.authorization} ${path}`) ?? answers.get(path);
    const { status, headers: more, body } = (method === 'GET' ? known : undefined) ?? { status: 404, body: '{}' };
    response.writeHead(status, { 'content-type': 'application/json', ...more }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    answer: (path, answer, token) => {
      answers.set(token === undefined ? path : `Bearer ${token} ${path}`, answer);
    },
    holds: (path, object) => {
      answers.set(path, { status: 200, body: JSON.stringify(object) });
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** A way out that goes where it is told. What is asked of `vendorUrl` goes to the double. */
export function outsideTo(double: () => VendorDouble, vendorUrl = ''): Outside {
  return {
    async get(url, headers) {
      const origin = vendorUrl !== '' && url.startsWith(`${vendorUrl}/`) ? vendorUrl : double().url;
      if (!url.startsWith(`${origin}/`)) {
        throw new Error(`not the vendor: ${url}`);
      }
      try {
        const response = await fetch(double().url + url.slice(origin.length), { headers, redirect: 'manual' });
        const named = Object.fromEntries(response.headers);
        return { kind: 'answered', status: response.status, headers: named, body: await response.text() };
      } catch {
        return { kind: 'unanswered', detail: 'the connection was refused' };
      }
    },
  };
}
