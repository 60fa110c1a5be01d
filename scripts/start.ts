// `npm start`: the whole product on this machine, with a demo merchant and a demo receiver.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { assertDataFree, claimPort, LocalStackError, type Stack, startStack } from '@owngateway/local-stack';
import { setUpDemoMerchant } from './start/demo-merchant.ts';
import { greeting } from './start/greeting.ts';
import { openProcessLog } from './start/process-log.ts';
import { startReceiver } from './start/receiver.ts';
import { removeStackFile, writeStackFile } from './start/stack-file.ts';
import { startSettings } from './start/start-settings.ts';

const STOP_PATIENCE_MS = 15_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** What has to be ended, last begun first. */
const steps: (() => Promise<unknown>)[] = [];
let stopping: Promise<never> | undefined;
/** Ends a start that is under way. */
const giveUp = new AbortController();

function stop(exitCode: number): Promise<never> {
  // A Ctrl-C reaches us from the terminal and once more from npm: the second one changes nothing.
  stopping ??= (async () => {
    giveUp.abort();
    for (const step of steps.splice(0).reverse()) {
      await step().catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
    }
    process.exit(exitCode);
  })();
  return stopping;
}

async function run(): Promise<void> {
  const settings = startSettings(process.argv.slice(2));
  // Before any port: one that is taken is told of only when it is not our own stack that has it.
  await assertDataFree(settings.dataDir);
  const output = logLater();
  const receiver = await startReceiver(await claimPort(settings.receiverPort, 'RECEIVER_PORT'), say);
  steps.push(() => receiver.close());

  let refresh = (): void => {};
  const starting = startStack({
    dataDir: settings.dataDir,
    fresh: settings.fresh,
    ports: settings.ports,
    signal: giveUp.signal,
    // One left by a stack that was killed; not that of one which runs.
    onLocked: () => removeStackFile(settings.stackFile),
    log: say,
    output: output.write,
    onRestart: (name) => {
      say(`${name} had ended and was started again`);
      refresh();
    },
  });
  // Also when the signal comes while it is starting. A download may take longer than anybody waits; what still runs when we exit is
  // ended by the watchdog.
  steps.push(() => {
    const stopped = starting.then((begun) => begun.stop()).catch(() => undefined);
    return Promise.race([stopped, delay(STOP_PATIENCE_MS, undefined, { ref: false })]);
  });
  const stack: Stack = await starting;
  const logs = join(settings.dataDir, 'logs');
  output.open(logs);

  const demo = await setUpDemoMerchant(stack, receiver.url);
  receiver.trust(demo.secret);
  const write = (): Promise<void> => writeStackFile(settings.stackFile, stack, demo, receiver.url);
  await write();
  steps.push(() => removeStackFile(settings.stackFile));
  refresh = () => {
    if (stopping === undefined) void write().catch((error: unknown) => say(String(error)));
  };
  say(greeting(stack, demo, receiver.url, { stack: settings.stackFile, logs }));
}

/** Lines written before the data folder is ours wait for it: `--fresh` empties the folder first. */
function logLater() {
  const waiting: [string, string][] = [];
  let sink: ((name: string, line: string) => void) | undefined;
  return {
    write: (name: string, line: string): void => {
      if (sink === undefined) waiting.push([name, line]);
      else sink(name, line);
    },
    open: (folder: string): void => {
      sink = openProcessLog(folder, say);
      for (const [name, line] of waiting.splice(0)) sink(name, line);
    },
  };
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stopping === undefined) say('Stopping ...');
    void stop(0);
  });
}
try {
  await run();
} catch (error) {
  if (stopping === undefined) {
    const sentence = error instanceof LocalStackError ? error.message : ((error as Error).stack ?? String(error));
    process.stderr.write(`${sentence}\n`);
    await stop(1);
  }
}
