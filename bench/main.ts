import { LocalStackError } from '@owngateway/local-stack';
import type { BenchRun } from './figures/bench-run.ts';
import type { Gateway } from './gateway/gateway.ts';
import { createMerchants } from './gateway/merchants.ts';
import { startGateway } from './gateway/start-gateway.ts';
import { startGenerator } from './load/generator.ts';
import { monotonicMs } from './measure/clock.ts';
import { describeMachine } from './measure/machine.ts';
import { type BenchOptions, readOptions, USAGE, UsageError } from './options.ts';
import { describeProfile } from './profile/self-time.ts';
import { startReceiver } from './receiver/receiver.ts';
import { judge } from './report/bars.ts';
import { describeResults } from './report/describe.ts';
import type { Results } from './report/results.ts';
import { writeResults } from './report/write-results.ts';
import { takeFigures, warmUp } from './take-figures.ts';

const ENDPOINTS = 10;
/** Progress goes to stderr, so that stdout holds the table alone. */
const log = (line: string): void => void process.stderr.write(`${line}\n`);
const print = (lines: readonly string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);

const started: { stop(): Promise<void> }[] = [];
let stopping: Promise<void> | undefined;
let interrupted = false;

function stopAll(): Promise<void> {
  stopping ??= (async () => {
    for (const it of started.toReversed()) await it.stop();
  })();
  return stopping;
}

function keep<T extends { stop(): Promise<void> }>(it: T): T {
  started.push(it);
  return it;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    interrupted = true;
    log(`${signal}: stopping`);
    void stopAll().finally(() => process.exit(130));
  });
}

async function bench(options: BenchOptions): Promise<void> {
  const sinceMs = Date.now();
  const machine = describeMachine();
  log('starting MongoDB, Redis and the three services');
  const gateway = keep(await startGateway(options, log));
  const receiver = keep(await startReceiver(ENDPOINTS));
  const generator = keep(await startGenerator());
  const merchants = await createMerchants(gateway, receiver.ports);
  const run: BenchRun = {
    gateway,
    merchants,
    receiver,
    generator,
    cpus: machine.cpus,
    createdAtMs: monotonicMs(),
    nextEvent: 1,
    log,
  };
  await warmUp(run);
  const firstEvent = run.nextEvent;
  const fromMs = monotonicMs();
  const figures = await takeFigures(run, options);
  const toMs = monotonicMs();
  const { repeated } = await receiver.call('counts', undefined);
  const results: Results = {
    taken_at: new Date(sinceMs).toISOString(),
    machine,
    ...storesOf(gateway),
    log_level: options.quiet ? 'warn' : 'info',
    profiled: options.profile,
    figures,
    verdicts: judge(figures),
    repeated,
  };
  await stopAll();
  print(describeResults(results));
  if (options.profile === null) {
    print([`Results: ${await writeResults(results)}`]);
  } else {
    print(['', ...(await describeProfile(options.profile, sinceMs, { fromMs, toMs }, run.nextEvent - firstEvent))]);
  }
}

function storesOf({ mongo, redis }: Gateway): Pick<Results, 'mongo' | 'redis'> {
  return { mongo, redis };
}

/** What to do about it, for the person at the terminal; the whole fault when it is nobody's mistake. */
function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n\n${USAGE}`;
  if (error instanceof LocalStackError && error.code === 'no_server') {
    return (
      `${error.message}\n\nNo figures without a real mongod or secantusd-rs: the Python server (secantusd-py) is several times slower than\n` +
      'what the product runs on, and figures taken on it would be its own. `npm run mongo:build` builds secantusd-rs (once, about\n' +
      '4 minutes; needs cargo, a C compiler and cmake).'
    );
  }
  if (error instanceof LocalStackError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') print([USAGE]);
  else await bench(options);
} catch (error) {
  // What breaks because we stop everything is no news.
  if (!interrupted) log(explain(error));
  process.exitCode = 1;
} finally {
  await stopAll();
}
