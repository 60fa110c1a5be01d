import type { World } from '../../e2e/open-world.ts';
import { openDatabase } from '../database.ts';
import type { FaultRow } from '../fault-row.ts';
import { type Canary, hitsIn, makeCanaries, missingAtHome } from './canaries.ts';
import { dumpMongo, dumpRedis, type Found, redisFiles, serviceLogs, serviceMetrics } from './dumps.ts';
import { feed } from './feed-canaries.ts';

/** What the API shows to a merchant's token, where secrets are write-only. */
const SHOWN = [
  '/v1/subscriptions',
  '/v1/connector-accounts',
  '/v1/deliveries',
  '/v1/audit',
  '/v1/events',
  '/v1/notifications',
];
const PAYLOAD_CANARIES = /payload|card|body|query/;

/** Marked texts go in at every place and are looked for at every other. */
export const leakScan: FaultRow = {
  number: 89,
  group: 'G',
  fault: 'canaries in every input; then logs (trace), metrics, MongoDB, Redis, its files and the API are searched',
  bar: 'hits 0',
  short: true,
  async run({ openWorld, onEnd }) {
    const world = await openWorld({ LOG_LEVEL: 'trace' });
    const canaries = makeCanaries();
    const { answers, secrets } = await feed(world, canaries);
    const all: Canary[] = [...Object.values(canaries).flatMap((group) => Object.values(group)), ...secrets];
    const found: Found[] = [
      ...answers,
      ...(await shownByApi(world)),
      ...(await serviceMetrics(world)),
      ...(await dumpMongo(await openDatabase(world, onEnd))),
      ...[...(await dumpRedis(world))].map(([key, text]) => ({ where: 'redis', text: `${key} ${text}` })),
      ...(await redisFiles(world)),
    ];
    // The lines of this moment are written by the time that the services have stopped.
    await Promise.all(Object.values(world.stack.services).map((service) => service.stop()));
    found.push(...(await serviceLogs(world)));
    const hits = hitsIn(all, found).filter((hit) => !isPayloadAtItsOwner(hit.canary, hit.where));
    const blind = missingAtHome(all, found);
    const places = [...new Set(hits.map(({ canary, where }) => `${canary} at ${where}`))];
    return {
      met: hits.length === 0 && blind.length === 0,
      figure: [
        `${all.length} canaries, ${found.length} texts, hits ${hits.length}`,
        ...places.slice(0, 12),
        ...(blind.length > 0 ? [`not where they belong: ${blind.join(', ')}`] : []),
      ].join(', '),
      figures: { canaries: all.length, texts: found.length, hits: hits.length, blind: blind.length },
    };
  },
};

/** The API shows a merchant its own payloads and answers; what it must not show are secrets and cards of answers. */
function isPayloadAtItsOwner(canary: string, where: string): boolean {
  return PAYLOAD_CANARIES.test(canary) && canary !== 'answer-card' && where.startsWith('api:GET');
}

async function shownByApi({ stack, operator }: World): Promise<Found[]> {
  const token = stack.mintToken({ owner: { level: 'merchant', id: 'm_leak' } });
  const shown: Found[] = [];
  const take = async (path: string): Promise<string> => {
    const response = await fetch(`${stack.apiUrl}${path}`, { headers: { authorization: `Bearer ${token}` } });
    const text = await response.text();
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${text}`);
    shown.push({ where: `api:GET ${path}`, text });
    return text;
  };
  for (const path of SHOWN) {
    const list = await take(path);
    const { data } = JSON.parse(list) as { data: { id: string }[] };
    if (data.length === 0) throw new Error(`GET ${path} shows nothing`);
    if (path !== '/v1/audit') for (const { id } of data.slice(0, 4)) await take(`${path}/${id}`);
  }
  shown.push({ where: 'api:GET /v1/audit of the operator', text: JSON.stringify(await operator.list('/v1/audit')) });
  return shown;
}
