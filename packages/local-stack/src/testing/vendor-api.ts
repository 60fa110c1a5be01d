import { createServer } from 'node:http';

/** An answer of a vendor's API. */
export interface VendorAnswer {
  status: number;
  headers?: Readonly<Record<string, string>>;
  /** Written as JSON. */
  body?: object;
}

/** What the API was asked. */
export interface VendorRequest {
  method: string;
  path: string;
  authorization: string | null;
}

/** A local double of a vendor's API, which answers as it is told and writes down what it was asked. */
export interface VendorApi {
  /** Without a slash at its end. */
  readonly url: string;
  readonly requests: readonly VendorRequest[];
  /** By path with query; 404 unless set. A promise makes it wait. */
  readonly answers: Map<string, VendorAnswer | Promise<VendorAnswer>>;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1, on any free port. */
export async function startVendorApi(): Promise<VendorApi> {
  const requests: VendorRequest[] = [];
  const answers: VendorApi['answers'] = new Map();
  const server = createServer(async (request, response) => {
    const { method = '', url: path = '', headers } = request;
    requests.push({ method, path, authorization: headers.authorization ?? null });
    const { status, headers: more = {}, body = {} } = (await answers.get(path)) ?? { status: 404 };
    response.writeHead(status, { 'content-type': 'application/json', ...more }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    requests,
    answers,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
