import {
  createOutboundClient,
  type OutboundClientOptions,
  type OutboundPolicy,
  type OutboundRequest,
} from '../src/index.ts';

/** What `npm start` uses: loopback only, any port. */
export const LOOPBACK_POLICY: OutboundPolicy = {
  environment: 'sandbox',
  allowHttp: true,
  allowedPrivateRanges: ['127.0.0.0/8', '::1/128'],
  anyPort: true,
};

/** Production, with the ports of local listeners admitted so that only the address guard stands between. */
export function productionPolicy(...extraPorts: number[]): OutboundPolicy {
  return { environment: 'production', allowHttp: true, allowedPrivateRanges: [], extraPorts };
}

/** A request with the defaults of a delivery; its deadline is generous so that only slow receivers meet it. */
export function aRequest(url: string, changes: Partial<OutboundRequest> = {}): OutboundRequest {
  const headers = { 'content-type': 'application/json', 'webhook-id': 'evt_1' };
  return { url, headers, body: '{"id":"evt_1"}', deadlineMs: 5_000, ...changes };
}

/** Runs with a client that is closed afterwards. */
export async function withClient<T>(
  options: Partial<OutboundClientOptions>,
  run: (client: ReturnType<typeof createOutboundClient>) => Promise<T>,
): Promise<T> {
  const client = createOutboundClient({ policy: LOOPBACK_POLICY, ...options });
  try {
    return await run(client);
  } finally {
    await client.close();
  }
}

/** Waits until something holds, and fails when it does not within fifteen seconds. */
export async function eventually(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`never came true: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
