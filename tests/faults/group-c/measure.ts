import type { Finding, Surroundings } from '../fault-row.ts';
import { bytesRead, forgetPeak, peakBytes, residentBytes } from '../process-figures.ts';
import { face, type Plan } from './face.ts';

const MB = 1_048_576;

/** What an attempt may read: the cap of a body and what one look at a socket brings. */
const MAX_READ = 65_536 + 65_536;
const MAX_GROWTH = 20 * MB;
/** Events one after the other, against what the process held before. */
const FEW = 5;

export interface MeasuredPlan extends Plan {
  /** How many events are measured. */
  events: number;
  /** Whether every attempt is one that ends at the cap. */
  endsAtCap: boolean;
}

/**
 * As `face`, and then measures the dispatcher's memory at its peak, and what it reads, while more events go to the same
 * receivers: a few one by one, and two equal batches.
 */
export async function faceMeasured(surroundings: Surroundings, plan: MeasuredPlan): Promise<Finding> {
  const { finding, pid, sendMore, faced } = await face(surroundings, plan);
  await forgetPeak(pid);
  const before = await residentBytes(pid);
  for (let event = 0; event < FEW; event += 1) await sendMore(1);
  const ofFew = (await peakBytes(pid)) - before;
  // What many at once leave to be collected is held for a while; it must not become more.
  await sendMore(plan.events);
  const plateau = await peakBytes(pid);
  const readBefore = await bytesRead(pid);
  await sendMore(plan.events);
  const ofMany = (await peakBytes(pid)) - plateau;
  const attempts = plan.events * faced.reduce((sum, { delivery }) => sum + delivery.attempts.length, 0);
  const readEach = Math.round(((await bytesRead(pid)) - readBefore) / attempts);
  const isFlat = ofFew <= MAX_GROWTH && ofMany <= MAX_GROWTH;
  return {
    met: finding.met && isFlat && (!plan.endsAtCap || readEach <= MAX_READ),
    figure: [
      finding.figure,
      `memory ${signed(ofFew / MB)} MB over ${FEW} events one by one, ${signed(ofMany / MB)} MB from one batch of ${attempts} attempts to the next`,
      `${(readEach / 1024).toFixed(0)} KiB read for each`,
    ].join('; '),
    figures: {
      ...finding.figures,
      growth_few_bytes: ofFew,
      growth_batch_bytes: ofMany,
      peak_bytes: plateau + ofMany,
      read_bytes_per_attempt: readEach,
      measured_attempts: attempts,
    },
  };
}

const signed = (value: number) => `${value < 0 ? '' : '+'}${value.toFixed(1)}`;
