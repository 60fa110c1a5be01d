import { openShops } from '../../e2e/stories/shops.ts';
import { openDatabase } from '../database.ts';
import type { FaultRow } from '../fault-row.ts';
import { requestText, stripeBody, stripeHeaders } from './signed.ts';
import { countsOf } from './stored.ts';
import { openWire } from './wire.ts';

const METHODS = ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY', 'CONNECT', 'BREW', 'post'];

/** How the address may be written otherwise; nearly all of it is somebody else's, or nobody's. */
const SPELLINGS: readonly ((path: string) => string)[] = [
  (path) => `${path}/`,
  (path) => `${path}?a=1`,
  (path) => `${path}//`,
  (path) => `/${path}`,
  (path) => path.replace('/webhooks', '/Webhooks'),
  (path) => path.replace('/webhooks', '/webhooks/.'),
  (path) => path.replace('/webhooks', '/x/../webhooks'),
  (path) => path.replace('/m_', '/%6d_'),
  (path) => path.replace('/m_', '//m_'),
  (path) => path.replaceAll('/', '\\'),
  (path) => `${path}%00`,
  (path) => `${path}%2f`,
  (path) => `${path};a=1`,
  (path) => `${path}#a`,
  (path) => `http://elsewhere.example${path}`,
  () => '/webhooks',
  () => '/',
  () => '*',
];

/** A connector that is redirected loses its notification: most take any answer but a 2xx for a failure, and some give up. */
export const methodsAndPaths: FaultRow = {
  number: 61,
  group: 'E',
  fault: `a genuine notification by ${METHODS.length + 1} other methods and at ${SPELLINGS.length} other spellings of its address`,
  bar: 'no answer is a redirect; a 2xx exactly where an event was raised; nothing is raised by another method',
  short: true,
  async run({ openWorld, onEnd }) {
    const world = await openWorld();
    const { account } = await openShops(world, 'm_paths', ['paths']);
    const database = await openDatabase(world, onEnd);
    const path = new URL(account.url).pathname;
    let count = 0;
    const statusOf = async (method: string, target: string): Promise<number> => {
      count += 1;
      const body = stripeBody(`path${count}`);
      const text = requestText(account.url, body, { ...stripeHeaders(body, account.secret), connection: 'close' });
      const wire = await openWire(account.url);
      wire.write(text.replace(`POST ${path}`, `${method} ${target}`));
      const { answers } = await wire.untilClosed();
      return answers[0]?.status ?? 0;
    };
    const byMethod = new Map<string, number>();
    for (const method of METHODS) byMethod.set(method, await statusOf(method, path));
    byMethod.set('HEAD', await headStatus(account.url));
    const before = (await countsOf(database, 'm_paths')).events;
    const byPath: number[] = [await statusOf('POST', path)];
    for (const spell of SPELLINGS) byPath.push(await statusOf('POST', spell(path)));
    const { events } = await countsOf(database, 'm_paths');

    const all = [...byMethod.values(), ...byPath];
    const redirects = all.filter((status) => status >= 300 && status < 400).length;
    const accepted = byPath.filter((status) => status >= 200 && status < 300).length;
    const unlike = [...byMethod].filter(([, status]) => status < 400 && status !== 0);
    return {
      met: redirects === 0 && before === 0 && unlike.length === 0 && byPath[0] === 200 && events === accepted,
      figure: [
        `redirects ${redirects} of ${all.length}, raised by other methods ${before}, accepted and raised at other spellings ${accepted - 1}/${events - 1}`,
        ...unlike.map(([method, status]) => `${method} got ${status}`),
      ].join(', '),
      figures: { redirects, asked: all.length, accepted, events },
    };
  },
};

/** Its answer has a length and no body, which the wire would wait for. */
async function headStatus(url: string): Promise<number> {
  const { status } = await fetch(url, { method: 'HEAD', redirect: 'manual' });
  return status;
}
