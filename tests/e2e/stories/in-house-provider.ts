import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type ReceivedEvent, startReceiver } from '../../../scripts/start/receiver.ts';
import { eventually } from '../../parties/eventually.ts';
import type { World } from '../open-world.ts';

const GUIDE = join(__dirname, '..', '..', '..', 'docs', 'in-house-provider.md');
const DEADLINE_MS = 60_000;

const run = promisify(execFile);

type Received = ReceivedEvent & { event: { type: string } };

/** A payment provider of one's own is connected by API calls alone: by the lines of the guide, as they stand there. */
export function inHouseProviderStory(world: () => World): void {
  test('following docs/in-house-provider.md word for word delivers the events of an in-house provider', async () => {
    const { stack } = world();
    const { api } = await world().merchant('m_demo');
    const shop = await startReceiver(0, () => undefined);
    const folder = await mkdtemp(join(tmpdir(), 'owngateway-guide-'));
    try {
      const subscription = { url: `${shop.url}/events`, event_types: ['*'] };
      shop.trust((await api.post<{ secret: string }>('/v1/subscriptions', subscription)).secret);
      const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', commandsOf(await readFile(GUIDE, 'utf8'))], {
        cwd: folder,
        timeout: DEADLINE_MS,
        env: {
          PATH: process.env.PATH,
          API: stack.apiUrl,
          INGRESS: stack.ingressUrl,
          RECEIVER: shop.url,
          OPERATOR_TOKEN: stack.mintToken({ owner: { level: 'operator', id: '*' } }),
          MERCHANT_TOKEN: stack.mintToken({ owner: { level: 'merchant', id: 'm_demo' } }),
        },
      });

      expect(stdout.match(/OK \(200\)/g)).toHaveLength(4);
      expect(stdout.match(/ \(401\)/g)).toHaveLength(1);
      expect(stdout).toContain('"field":"settings.signature.signed"');
      expect(stdout).toContain('"reason":"unmapped"');
      expect(stdout).toContain('"definition":{"signature":{"algorithm":"hmac-sha512"');

      const received = await eventually(
        async () => {
          const events = await receivedAt(shop.url);
          return events.length >= 3 && events;
        },
        { what: 'three events of the in-house provider', deadlineMs: DEADLINE_MS },
      );
      expect(received.map(({ verified }) => verified)).toEqual([true, true, true]);
      expect(Object.fromEntries(received.map(({ event }) => [event.type, event]))).toMatchObject({
        payment_succeeded: {
          connector: 'acme-pay',
          origin: 'bank',
          data: {
            object: {
              connector_reference: '4711',
              payment_reference: '4711',
              merchant_reference: 'A-17',
              amount_minor: 2010,
              currency: 'EUR',
              customer: 'c-9',
            },
          },
        },
        refund_succeeded: {
          data: { object: { connector_reference: '88', payment_reference: '4711', amount_minor: 500 } },
        },
        payment_failed: { data: { object: { amount_minor: 7, currency: 'JPY', detail: 'insufficient_funds' } } },
      });
    } finally {
      await shop.close();
      await rm(folder, { recursive: true, force: true });
    }
  }, 120_000);
}

/** The blocks that the guide asks to paste, one after the other. */
function commandsOf(guide: string): string {
  return [...guide.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block).join('\n');
}

/** What the demo receiver got so far. */
async function receivedAt(url: string): Promise<Received[]> {
  const response = await fetch(`${url}/received`);
  const { data } = (await response.json()) as { data: Received[] };
  return data;
}
