import type { FaultRow } from '../fault-row.ts';
import type { ProxyFound } from './56-environment-proxy-process.ts';
import { fetchStorePrograms } from './namespace/fetch-programs.ts';
import { namespaceObstacle, runInNamespace } from './namespace/run-in-namespace.ts';

export const environmentProxy: FaultRow = {
  number: 56,
  group: 'D',
  fault:
    'HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY and NODE_USE_ENV_PROXY in the environment of a production gateway',
  bar: 'ignored: 0 connections to a proxy, the guard as ever',
  short: true,
  obstacle: namespaceObstacle,
  async run({ short, onEnd }) {
    await fetchStorePrograms();
    const script = new URL('./56-environment-proxy-process.ts', import.meta.url);
    const found = await runInNamespace<ProxyFound>(script, { onEnd, input: { short } });
    return {
      met:
        found.connectionsToProxy === 0 &&
        found.connectionsInside === 0 &&
        found.delivered === found.expected &&
        found.blocked === found.expected &&
        found.plainFetchesThroughProxy === found.environments,
      figure: [
        `${found.environments} environments, delivered directly ${found.delivered} of ${found.expected}, forbidden ones refused ${found.blocked} of ${found.expected}`,
        `connections to a proxy ${found.connectionsToProxy} (plain fetch: ${found.plainFetchesThroughProxy}), inside ${found.connectionsInside}`,
      ].join(', '),
      figures: {
        environments: found.environments,
        delivered_directly: found.delivered,
        forbidden_refused: found.blocked,
        expected_each: found.expected,
        connections_to_proxy: found.connectionsToProxy,
        connections_inside: found.connectionsInside,
        plain_fetches_through_proxy: found.plainFetchesThroughProxy,
      },
    };
  },
};
