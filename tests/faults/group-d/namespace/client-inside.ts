import {
  checkUrlResolves,
  createNameSystem,
  createOutboundClient,
  type OutboundClientOptions,
  type OutboundPolicy,
  type OutboundResult,
} from '@owngateway/outbound';
import { type NameAnswer, type NameServer, startNameServer } from '../../dns-server.ts';

/** Production as document 000 needs it, so that a refusal is never the doing of a scheme. */
export const PRODUCTION: OutboundPolicy = { environment: 'production', allowHttp: true, allowedPrivateRanges: [] };

/** The two places where a URL is judged, through the package's public interface, and the name system that they ask. */
export interface ClientInside {
  readonly names: NameServer;
  /** One word for how a request ended: `blocked_address`, another failure's outcome, or the status of the answer. */
  send(url: string): Promise<string>;
  /** One word for how a registration ended: `accepted` or the code of the refusal. */
  register(url: string): Promise<string>;
}

/** A guarded client and the registration check of a production gateway, both asking a name server that answers as told. */
export async function openClientInside(
  onEnd: (end: () => unknown) => void,
  answerTo: (name: string, family: 4 | 6) => NameAnswer,
  options: Partial<OutboundClientOptions> = {},
): Promise<ClientInside> {
  const names = await startNameServer(answerTo, { overTcp: true });
  onEnd(() => names.close());
  const policy = options.policy ?? PRODUCTION;
  const asked = { policy, nameServers: [names.address], ...options };
  const client = createOutboundClient(asked);
  onEnd(() => client.close());
  const registration = createNameSystem(asked);
  onEnd(() => registration.close?.());
  return {
    names,
    async send(url) {
      return outcomeOf(await client.send({ url, headers: {}, body: '{}', deadlineMs: 10_000 }));
    },
    async register(url) {
      const verdict = await checkUrlResolves(url, policy, registration);
      return verdict.ok ? 'accepted' : verdict.code;
    },
  };
}

export function outcomeOf(result: OutboundResult): string {
  return result.kind === 'failure' ? result.outcome : String(result.status);
}
