import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createOutboundClient, type OutboundClient } from '@owngateway/outbound';
import { inLanes } from '../../parties/sender.ts';
import type { Finding, Surroundings } from '../fault-row.ts';
import { bytesRead, forgetPeak, peakBytes, residentBytes } from '../process-figures.ts';
import { DEADLINE_MS, face, type Plan } from './face.ts';

const MB = 1_048_576;

/** What an attempt may read: the cap of a body and what one look at a socket brings. */
const MAX_READ = 65_536 + 65_536;
const MAX_GROWTH = 20 * MB;
/** Events one after the other, against what the process held before. */
const FEW = 5;
/** Requests of a batch to each receiver, and how many at a time. */
const BATCH = 200;
const LANES = 8;

export interface MeasuredPlan extends Plan {
  /** Whether every attempt is one that ends at the cap. */
  endsAtCap: boolean;
}

/**
 * As `face`, and then measures what the dispatcher reads, and its memory at its peak, while a few more events go to the same
 * receivers. Many are no measure of that process: V8 lets up to 64 MB of read buffers wait to be collected (resident memory
 * was seen to stand still from 4,000 endless bodies to 16,000). Whether anything is kept of many, the client is asked
 * here, where garbage can be collected at will.
 */
export async function faceMeasured(surroundings: Surroundings, plan: MeasuredPlan): Promise<Finding> {
  const { finding, pid, sendMore, faced } = await face(surroundings, plan);
  await forgetPeak(pid);
  const before = await residentBytes(pid);
  const readBefore = await bytesRead(pid);
  for (let event = 0; event < FEW; event += 1) await sendMore(1);
  const growth = (await peakBytes(pid)) - before;
  const attempts = FEW * faced.reduce((sum, { delivery }) => sum + delivery.attempts.length, 0);
  const readEach = Math.round(((await bytesRead(pid)) - readBefore) / attempts);
  const kept = await keptByClient(faced.map(({ receiver }) => receiver.url));
  return {
    met: finding.met && growth <= MAX_GROWTH && kept <= MAX_GROWTH && (!plan.endsAtCap || readEach <= MAX_READ),
    figure: [
      finding.figure,
      `${attempts} more attempts: memory ${signed(growth / MB)} MB at its peak, ${(readEach / 1024).toFixed(0)} KiB read for each; ${BATCH * faced.length} requests of the client keep ${signed(kept / MB)} MB`,
    ].join('; '),
    figures: {
      ...finding.figures,
      measured_attempts: attempts,
      growth_bytes: growth,
      read_bytes_per_attempt: readEach,
      kept_bytes: kept,
    },
  };
}

/** How much more heap and buffers are in use after a second batch of requests than after the first, in bytes. */
async function keptByClient(urls: readonly string[]): Promise<number> {
  const client = createOutboundClient({
    policy: { environment: 'sandbox', allowHttp: true, allowedPrivateRanges: ['127.0.0.0/8'], anyPort: true },
  });
  try {
    await sendBatch(client, urls);
    const first = inUse();
    await sendBatch(client, urls);
    return inUse() - first;
  } finally {
    await client.close();
  }
}

async function sendBatch(client: OutboundClient, urls: readonly string[]): Promise<void> {
  await inLanes(BATCH * urls.length, LANES, async (index) => {
    const url = urls[index % urls.length] ?? '';
    await client.send({ url, headers: {}, body: '{}', deadlineMs: DEADLINE_MS });
  });
}

function inUse(): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const signed = (value: number) => `${value < 0 ? '' : '+'}${value.toFixed(1)}`;
