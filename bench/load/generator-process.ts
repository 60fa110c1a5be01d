import { answerCalls } from '../instruments/calls.ts';
import { monotonicMs } from '../measure/clock.ts';
import { latenciesOf } from '../measure/percentiles.ts';
import type { GeneratorMethods } from './generator.ts';
import type { Load, LoadResult } from './load.ts';
import { signedMerchantRequest } from './merchant-requests.ts';
import { type ReadyRequest, signedNotification } from './notifications.ts';
import { closedLoop, openLoop, type SendOne } from './pace.ts';
import { Sender } from './sender.ts';

/** More than an open loop ever needs; a closed one has its own number. */
const OPEN_CONNECTIONS = 200;

/** A load whose notifications are signed, so that nothing but sending is left to do. */
let prepared: { load: Load; requests: (index: number) => ReadyRequest } | undefined;

function prepare(load: Load): void {
  const { content, targets, from, count } = load;
  const targetOf = (index: number): number => (from + index) % targets.length;
  if (content.kind === 'merchant-requests') {
    const requests = (i: number): ReadyRequest => signedMerchantRequest(from + i, targetOf(i), content.sample);
    prepared = { load, requests };
    return;
  }
  const ready = Array.from({ length: count }, (_, i) =>
    signedNotification(from + i, targetOf(i), content.secrets[targetOf(i)] ?? ''),
  );
  prepared = { load, requests: (i) => ready[i] as ReadyRequest };
}

async function fire(): Promise<LoadResult> {
  if (prepared === undefined) throw new TypeError('nothing was prepared');
  const { load, requests } = prepared;
  prepared = undefined;
  const { count, pace, targets } = load;
  const origins = new Set(targets.map((it) => it.origin)).size;
  const sender = new Sender(targets, pace.kind === 'open' ? OPEN_CONNECTIONS : Math.ceil(pace.concurrency / origins));
  const sentAtMs = new Float64Array(count);
  const endedAtMs = new Float64Array(count);
  const statuses: Record<number, number> = {};
  const send: SendOne = (index, ended) => {
    const request = requests(index);
    sentAtMs[index] = monotonicMs();
    sender.send(request, (status, atMs) => {
      endedAtMs[index] = atMs;
      statuses[status] = (statuses[status] ?? 0) + 1;
      ended();
    });
  };
  let lateP99Ms = 0;
  if (pace.kind === 'closed') await closedLoop(count, pace.concurrency, send);
  else lateP99Ms = latenciesOf(await openLoop(count, pace.perSecond, send)).p99_ms ?? 0;
  await sender.close();
  return { sentAtMs, endedAtMs, statuses, lateP99Ms };
}

const methods: GeneratorMethods = { prepare, fire };
answerCalls(methods);
