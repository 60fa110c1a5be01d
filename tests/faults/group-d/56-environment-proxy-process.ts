// Row 56, inside the namespace: a production gateway whose environment names proxies.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import { openSender } from '../../parties/sender.ts';
import { openGatewayInside, SHOP_ADDRESS } from './namespace/gateway-inside.ts';
import { runInside } from './namespace/inside.ts';
import { subscribeUrl } from './namespace/subscribe-url.ts';

export interface ProxyFound {
  environments: number;
  delivered: number;
  blocked: number;
  /** What the rows' other figures must come to: an event per environment, for each of the two receivers. */
  expected: number;
  connectionsToProxy: number;
  connectionsInside: number;
  /** A plain `fetch` in the same environment goes to the proxy: the variables do what they are there for. */
  plainFetchesThroughProxy: number;
}

const PROXY_PORT = 3128;
/** One that would be reached over the Internet, one inside, one on this machine. */
const PROXIES = ['198.41.0.4', '10.9.9.9', '127.0.0.1'];

const NAMES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy', 'npm_config_proxy'];
const proxied = (address: string) => Object.fromEntries(NAMES.map((name) => [name, `http://${address}:${PROXY_PORT}`]));

const ENVIRONMENTS = PROXIES.flatMap((address) => [
  { ...proxied(address), NODE_USE_ENV_PROXY: '1', NO_PROXY: '', no_proxy: '' },
  { ...proxied(address), NODE_OPTIONS: '--use-env-proxy', NO_PROXY: '*.inside.example,127.0.0.1' },
]);

await runInside<{ short: boolean }, ProxyFound>(async ({ short }, onEnd) => {
  let turned = false;
  const gateway = await openGatewayInside(onEnd, {
    merchantId: 'm_proxied',
    morePorts: [PROXY_PORT],
    leadTo: (name) => ({ a: [turned && name.startsWith('turning.') ? '127.0.0.1' : SHOP_ADDRESS], ttlS: 0 }),
  });
  const { world, everywhere, merchant, account, authorityFile } = gateway;
  await subscribeUrl(merchant.api, 'https://steady.shop.example/');
  await subscribeUrl(merchant.api, 'https://turning.shop.example/');
  turned = true;
  await world.stack.services.dispatcher.stop();

  const sender = openSender();
  const environments = short ? ENVIRONMENTS.slice(0, 2) : ENVIRONMENTS;
  let expected = 0;
  for (const [index, environment] of environments.entries()) {
    const dispatcher = await world.addReplica('dispatcher', { ...environment, NODE_EXTRA_CA_CERTS: authorityFile });
    await sender.postUntilTaken(account, stripePayment(`proxied${index}`, account.secret));
    expected += 1;
    await eventually(
      async () => {
        const deliveries = await merchant.api.list<{ attempts_made: number }>('/v1/deliveries');
        return deliveries.filter(({ attempts_made }) => attempts_made > 0).length === 2 * expected;
      },
      { what: 'both deliveries tried', deadlineMs: 60_000 },
    );
    dispatcher.kill('SIGTERM');
    await dispatcher.ended;
  }
  const toProxy = () => everywhere.connections.filter(({ port }) => port === PROXY_PORT).length;
  const connectionsToProxy = toProxy();

  let plainFetchesThroughProxy = 0;
  for (const environment of environments) {
    const before = toProxy();
    // Only the connection counts; nothing here understands what a proxy is asked.
    const request = `fetch('http://${SHOP_ADDRESS}/', { signal: AbortSignal.timeout(2_000) })`;
    const program = `await ${request}.catch(() => {}); process.exit()`;
    await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
      env: { ...environment, PATH: process.env.PATH },
    });
    // It tries again and again.
    if (toProxy() > before) plainFetchesThroughProxy += 1;
  }
  const outcomes = (await merchant.api.list<{ last_outcome: string }>('/v1/deliveries')).map((it) => it.last_outcome);
  return {
    environments: environments.length,
    delivered: everywhere.arrivals.filter(({ host, port }) => host === 'steady.shop.example' && port === 443).length,
    blocked: outcomes.filter((outcome) => outcome === 'blocked_address').length,
    expected,
    connectionsToProxy,
    connectionsInside: everywhere.connections.filter(
      ({ address, port }) => address !== SHOP_ADDRESS && port !== PROXY_PORT,
    ).length,
    plainFetchesThroughProxy,
  };
});
