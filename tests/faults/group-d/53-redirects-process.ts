// Row 53, inside the namespace: receivers of a production gateway that send it everywhere.
import { isIPv6 } from 'node:net';
import { FORBIDDEN_ADDRESSES } from '../../../packages/outbound/tests/corpus/addresses.ts';
import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import type { DeliveryBody, DeliveryWithAttemptsBody } from '../../parties/records.ts';
import { inLanes, openSender } from '../../parties/sender.ts';
import { openGatewayInside, SHOP_ADDRESS } from './namespace/gateway-inside.ts';
import { runInside } from './namespace/inside.ts';
import { subscribeUrl } from './namespace/subscribe-url.ts';

export interface RedirectsFound {
  redirects: number;
  /** Deliveries that did not end as a failure with the redirect's own status. */
  surprises: string[];
  /** Requests beyond the one that each receiver was sent. */
  followUps: number;
  connectionsElsewhere: number;
}

const STATUSES = [301, 302, 303, 307, 308];
const hostOf = (address: string) => (isIPv6(address) ? `[${address}]` : address);

/** One address of each forbidden kind, other schemes and ports, names that lead inside, spellings, and the receiver itself. */
const LOCATIONS = [
  ...Object.values(FORBIDDEN_ADDRESSES).map(([address = '']) => `http://${hostOf(address)}/`),
  ...['http://127.0.0.1:6379/', 'http://127.0.0.1:27017/', 'http://10.0.0.1:8080/', 'https://169.254.169.254/'],
  ...['https://inside.shop.example/', 'http://localhost/', 'http://2130706433/', 'http://0x7f.1/', '//127.0.0.1/'],
  ...['http://other.shop.example/', 'https://other.shop.example/', 'https://other.shop.example:8443/'],
  ...['file:///etc/passwd', 'gopher://127.0.0.1/', 'ftp://127.0.0.1/', 'data:text/plain,x', 'javascript:0'],
  ...['/elsewhere', '?again', '', 'https://'],
];
const ITSELF = 'itself';

/** Few, so that this row is about redirects and not about how many names can be looked up at once. */
const HOSTS = 10;

await runInside<{ short: boolean }, RedirectsFound>(async ({ short }, onEnd) => {
  const { everywhere, merchant, account } = await openGatewayInside(onEnd, {
    merchantId: 'm_redirects',
    leadTo: (name) => ({ a: [name.startsWith('inside.') ? '127.0.0.1' : SHOP_ADDRESS] }),
    answerTo({ path, host }) {
      const [, status, index] = path.split('/');
      const location = LOCATIONS[Number(index)];
      if (index === ITSELF) return { status: Number(status), headers: { location: `https://${host}${path}` } };
      return location === undefined
        ? { status: 200, body: 'followed' }
        : { status: Number(status), headers: { location } };
    },
  });
  const chosen = [...LOCATIONS.keys()].filter((index) => !short || index % 4 === 0);
  const paths = STATUSES.flatMap((status) => [...chosen, ITSELF].map((index) => `/${status}/${index}`));
  await inLanes(paths.length, 8, async (index) => {
    await subscribeUrl(merchant.api, `https://r${index % HOSTS}.shop.example${paths[index]}`);
  });

  const sender = openSender();
  await sender.postUntilTaken(account, stripePayment('redirected', account.secret));
  const deliveries = await eventually(
    async () => {
      const all = await merchant.api.list<DeliveryBody>('/v1/deliveries');
      return all.length === paths.length && all.every(({ attempts_made }) => attempts_made > 0) ? all : undefined;
    },
    { what: 'every redirect seen', deadlineMs: 90_000, intervalMs: 250 },
  );
  const surprises: string[] = [];
  await inLanes(deliveries.length, 8, async (at) => {
    const { id } = deliveries[at] ?? { id: '' };
    const { url, status, attempts } = await merchant.api.get<DeliveryWithAttemptsBody & { url: string }>(
      `/v1/deliveries/${id}`,
    );
    const [, expected] = new URL(url).pathname.split('/');
    const seen = attempts.map(({ outcome, http_status }) => `${outcome} ${http_status}`).join(', ');
    if (status !== 'retrying' || seen !== `redirect ${expected}`) surprises.push(`${url}: ${status}, ${seen}`);
  });
  return {
    redirects: paths.length,
    surprises,
    followUps: everywhere.arrivals.length - paths.length,
    connectionsElsewhere: everywhere.connections.filter(({ address, port }) => address !== SHOP_ADDRESS || port !== 443)
      .length,
  };
});
