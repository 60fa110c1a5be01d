import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority } from '@owngateway/outbound/testing';
import { openWorld, type World } from '../../../e2e/open-world.ts';
import { type ConnectedAccount, connectAccount, type Merchant } from '../../../parties/onboarding.ts';
import { type NameAnswer, type NameServer, startNameServer } from '../../dns-server.ts';
import { type Answer, type Arrival, type Everywhere, listenEverywhere } from './everywhere.ts';

/** Where every `*.shop.example` is, unless a row says otherwise. */
export const SHOP_ADDRESS = '93.184.216.34';

/** A production gateway that has the whole namespace for its Internet. */
export interface GatewayInside {
  readonly world: World;
  readonly names: NameServer;
  /** Listens where receivers and stores usually do: 80, 443, 8443, 6379, 8080, 27017. */
  readonly everywhere: Everywhere;
  readonly merchant: Merchant;
  readonly account: ConnectedAccount;
  /** What a replica needs as NODE_EXTRA_CA_CERTS to trust the shops; the world's own services have it. */
  readonly authorityFile: string;
}

export interface GatewayInsideOptions {
  merchantId: string;
  answerTo?: (arrival: Arrival) => Answer;
  /** Default: every name is a shop. */
  leadTo?: (name: string, family: 4 | 6) => NameAnswer;
  /** Above those of a production gateway. */
  settings?: Readonly<Record<string, string>>;
  /** More plain ports to listen on. */
  morePorts?: readonly number[];
}

/**
 * Starts stores and services as `ENVIRONMENT=production` inside the namespace, https only, with an authority of our own that
 * has issued the shops' certificate. Everything that they reach is written down by `everywhere`.
 */
export async function openGatewayInside(
  onEnd: (end: () => unknown) => void,
  options: GatewayInsideOptions,
): Promise<GatewayInside> {
  const { merchantId, answerTo, leadTo = () => ({ a: [SHOP_ADDRESS] }), settings, morePorts = [] } = options;
  const folder = await mkdtemp(join(tmpdir(), 'owngateway-authority-'));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  const authority = createAuthority('Authority of the rows');
  const authorityFile = join(folder, 'authority.pem');
  await writeFile(authorityFile, authority.cert);
  // Handed on to the services by whoever starts them.
  process.env.NODE_EXTRA_CA_CERTS = authorityFile;

  const everywhere = await listenEverywhere({
    httpPorts: [80, 6379, 8080, 27017, ...morePorts],
    httpsPorts: [443, 8443],
    certificate: authority.issue('*.shop.example'),
    ...(answerTo && { answerTo }),
  });
  onEnd(() => everywhere.close());
  const names = await startNameServer(leadTo, { overTcp: true });
  onEnd(() => names.close());

  const world = await openWorld({
    ENVIRONMENT: 'production',
    ALLOWED_PRIVATE_RANGES: '',
    ALLOW_HTTP: 'false',
    DNS_SERVERS: names.address,
    PUBLIC_INGRESS_URL: 'https://hooks.gateway.example',
    PUBLIC_API_URL: 'https://api.gateway.example',
    ...settings,
  });
  onEnd(() => world.close());
  const merchant = await world.merchant(merchantId);
  const account = await connectAccount(world.operator, merchantId, 'stripe');
  // Connectors would come through a proxy; we are beside it.
  const url = `${world.stack.ingressUrl}${new URL(account.url).pathname}`;
  return { world, names, everywhere, merchant, account: { ...account, url }, authorityFile };
}
