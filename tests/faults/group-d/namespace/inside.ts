import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { OUTSIDE_NETWORK, OWN_NETWORK, type Report } from './run-in-namespace.ts';

/** Networks whose hosts swallow every packet, as a firewall does: one public, one internal. */
export const SILENT_NETWORKS = { public: '198.20.66.0/24', internal: '10.66.0.0/16' } as const;

/**
 * The body of a process that `runInNamespace` starts. Throws at once when it is not in a namespace of its own: what follows
 * dials addresses that must never see a packet of ours. Whatever `onEnd` was given is ended before the process is.
 */
export async function runInside<Input, Found>(
  work: (input: Input, onEnd: (end: () => unknown) => void) => Promise<Found>,
): Promise<void> {
  // Whoever started us is gone.
  process.once('disconnect', () => process.exit(1));
  const ends: (() => unknown)[] = [];
  const report = await settle<Found>(async () => {
    makeEveryAddressOurs();
    return await work(JSON.parse(process.argv[2] ?? 'null') as Input, (end) => void ends.unshift(end));
  });
  for (const end of ends) await Promise.resolve(end()).catch(() => undefined);
  process.send?.(report, undefined, undefined, () => process.exit(0));
}

async function settle<Found>(work: () => Promise<Found>): Promise<Report<Found>> {
  try {
    return { found: await work() };
  } catch (error) {
    return { fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/**
 * Gives the loopback interface of this namespace every address there is, so that whatever is dialled arrives at our own
 * listeners: metadata services, private networks, the public Internet. Only the silent networks answer nobody.
 */
function makeEveryAddressOurs(): void {
  const outside = process.env[OUTSIDE_NETWORK];
  if (outside === undefined || readlinkSync(OWN_NETWORK) === outside) {
    throw new Error('this process must run in a network namespace of its own');
  }
  const ip = (line: string) => execFileSync('ip', line.split(' '), { stdio: ['ignore', 'ignore', 'pipe'] });
  ip('link set lo up');
  // In the main table, so that more specific routes go before them.
  ip('route add local 0.0.0.0/0 dev lo table main');
  ip('-6 route add local ::/0 dev lo table main');
  // Not local: what is sent there comes back to an interface that forwards nothing, and is dropped.
  for (const network of Object.values(SILENT_NETWORKS)) ip(`route add ${network} dev lo`);
}

/** TCP connections that anybody in this namespace has begun to open, to whatever address and port, as the kernel counts them. */
export function connectionsBegun(): number {
  const [names = [], values = []] = readFileSync('/proc/net/snmp', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('Tcp:'))
    .map((line) => line.split(' '));
  const count = Number(values[names.indexOf('ActiveOpens')]);
  if (!Number.isInteger(count)) throw new Error('/proc/net/snmp does not count ActiveOpens');
  return count;
}
