import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  createLogger,
  defineSettings,
  type Host,
  ok,
  optional,
  type RunningService,
  route,
  runService,
  type ServiceContext,
  serviceFields,
  textSetting,
} from '../src/index.ts';

const definition = defineSettings({
  ...serviceFields,
  DATABASE_LOGIN: optional(textSetting({ description: 'a secret', secret: true })),
});
type Context = ServiceContext<typeof definition>;

const base = { ENVIRONMENT: 'sandbox', PORT: '0', HOST: '127.0.0.1' };

/** A service in this process, with a host that records what would have happened to the process. */
async function run(start: (context: Context) => Promise<void>, env: Record<string, string> = {}) {
  const lines: string[] = [];
  const logger = createLogger({
    service: 'test',
    level: 'info',
    destination: { write: (line) => void lines.push(line) },
  });
  const record = { exits: [] as number[], stderr: '', lines };
  let signal: (name: string) => void = () => undefined;
  let fault: (fault: unknown) => void = () => undefined;
  const exited = Promise.withResolvers<number>();
  const host: Host = {
    env: { ...base, ...env },
    exit: (code) => {
      record.exits.push(code);
      exited.resolve(code);
    },
    onSignal: (handler) => {
      signal = handler;
    },
    onFault: (handler) => {
      fault = handler;
    },
    writeError: (text) => {
      record.stderr += text;
    },
  };
  const service = await runService({
    name: 'test',
    settings: definition,
    host,
    logger,
    start: async (context) => {
      await start(context);
      const app = context.createApp();
      route(app, { method: 'get', path: '/hi', summary: 's', auth: 'none', handler: () => ok('hi') });
      return app;
    },
  });
  if (service !== undefined) running.push(service);
  return {
    service,
    record,
    exited: exited.promise,
    signal: (name: string) => signal(name),
    fault: (f: unknown) => fault(f),
  };
}

const running: RunningService[] = [];
afterEach(async () => {
  for (const service of running.splice(0)) await service.stop('test over');
});

const nothing = async () => undefined;
const urlOf = (service: RunningService | undefined) => service?.url ?? 'http://127.0.0.1:1';

describe('runService', () => {
  it('listens once start has resolved, with health and metrics', async () => {
    const { service } = await run(nothing);
    expect(await (await fetch(`${urlOf(service)}/hi`)).text()).toBe('hi');
    expect((await fetch(`${urlOf(service)}/readyz`)).status).toBe(200);
    expect((await fetch(`${urlOf(service)}/metrics`)).status).toBe(200);
  });

  it('keeps metrics to their own port when they have one', async () => {
    const { service } = await run(nothing, { METRICS_PORT: '0' });
    expect((await fetch(`${urlOf(service)}/metrics`)).status).toBe(404);
    expect((await fetch(`${service?.metricsUrl}/metrics`)).status).toBe(200);
    expect((await fetch(`${service?.metricsUrl}/hi`)).status).toBe(404);
  });

  it('logs what it runs with, secrets masked', async () => {
    const { record } = await run(nothing, { DATABASE_LOGIN: 'hunter2' });
    expect(JSON.parse(record.lines[0] ?? '{}')).toMatchObject({ settings: { PORT: '0', DATABASE_LOGIN: '(set)' } });
    expect(record.lines.join()).not.toContain('hunter2');
  });

  it('says everything that is wrong with its settings on stderr, and starts nothing', async () => {
    let started = false;
    const { service, record } = await run(
      async () => {
        started = true;
      },
      { PORT: 'x', LOG_LEVEL: 'loud' },
    );
    expect({ service, started, exits: record.exits }).toEqual({ service: undefined, started: false, exits: [1] });
    expect(record.stderr).toMatch(/^test cannot start. 2 settings are wrong:\n {2}PORT: .*\n.*\n {2}LOG_LEVEL: /);
  });

  it('stops what was started when start fails, and exits with 1', async () => {
    const stopped: string[] = [];
    const { service, record } = await run(async ({ onStop }) => {
      onStop('mongo', () => stopped.push('mongo'));
      throw new Error('redis is away');
    });
    expect({ service, stopped, exits: record.exits }).toEqual({ service: undefined, stopped: ['mongo'], exits: [1] });
    expect(record.lines.join()).toContain('redis is away');
  });

  it('exits with 1 when its port is taken', async () => {
    const first = await run(nothing);
    const second = await run(nothing, { PORT: new URL(urlOf(first.service)).port });
    expect(second.record.exits).toEqual([1]);
    expect(second.record.lines.join()).toContain('EADDRINUSE');
  });
});

/** Resolves once nobody listens there. */
async function refused(url: string): Promise<void> {
  const isTaken = () =>
    fetch(url, { headers: { connection: 'close' } }).then(
      () => true,
      () => false,
    );
  while (await isTaken());
}

describe('a stop', () => {
  it('is orderly: not ready, requests finish, then the steps from last to first, once', async () => {
    const order: string[] = [];
    const entered = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const { service, record, signal, exited } = await run(async ({ onStop, health }) => {
      onStop('mongo', () => order.push('mongo'));
      onStop('workers', () => order.push('workers'));
      health.addLiveness('slow', async () => {
        entered.resolve();
        await gate.promise;
        order.push('request');
      });
    });
    const slow = fetch(`${urlOf(service)}/livez`);
    await entered.promise;
    signal('SIGTERM');
    signal('SIGINT');
    const last = await fetch(`${urlOf(service)}/hi`);
    expect(last.headers.get('connection')).toBe('close');
    await refused(`${urlOf(service)}/hi`);
    gate.resolve();
    expect((await slow).status).toBe(200);
    expect(await exited).toBe(0);
    expect(order).toEqual(['request', 'workers', 'mongo']);
    expect(record.exits).toEqual([0]);
  });

  it('goes on when a step fails, and exits with 1', async () => {
    const order: string[] = [];
    const { signal, exited } = await run(async ({ onStop }) => {
      onStop('mongo', () => order.push('mongo'));
      onStop('workers', () => Promise.reject(new Error('stuck')));
    });
    signal('SIGTERM');
    expect(await exited).toBe(1);
    expect(order).toEqual(['mongo']);
  });

  it('ends with 1 when its grace is over, saying what it waited for', async () => {
    const { signal, exited, record } = await run(async ({ onStop }) => onStop('workers', () => new Promise(() => {})), {
      SHUTDOWN_GRACE_MS: '100',
    });
    signal('SIGTERM');
    expect(await exited).toBe(1);
    expect(record.lines.join()).toContain('"waitingFor":"workers"');
  });

  it('after an unhandled fault is immediate', async () => {
    const { fault, exited, record } = await run(nothing);
    fault(new Error('nobody caught this'));
    expect(await exited).toBe(1);
    expect(record.lines.join()).toContain('nobody caught this');
  });
});

describe('a real process', () => {
  function start(mode: string, env: Record<string, string> = base) {
    const script = require.resolve('./fixture-service.ts');
    const child = spawn(process.execPath, [script, mode], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    const listening = Promise.withResolvers<void>();
    child.stdout.on('data', (chunk) => {
      output.stdout += String(chunk);
      if (output.stdout.includes('"listening"')) listening.resolve();
    });
    child.stderr.on('data', (chunk) => {
      output.stderr += String(chunk);
    });
    return { child, output, listening: listening.promise, exit: once(child, 'exit') };
  }

  it('stops on SIGTERM with every log line written, in order', async () => {
    const { child, output, listening, exit } = start('serve');
    await listening;
    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
    const lines = output.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).msg);
    expect(lines).toEqual(['starting', 'listening', 'stopping', 'step stopped', 'stopped']);
  });

  it('exits with 1 on an unhandled rejection, having logged it', async () => {
    const { output, exit } = start('reject');
    expect(await exit).toEqual([1, null]);
    expect(output.stdout).toContain('"level":"fatal"');
    expect(output.stdout).toContain('nobody waits for this');
  });

  it('exits with 1 on wrong settings, with a message for people', async () => {
    const { output, exit } = start('serve', { ...base, PORT: 'x' });
    expect(await exit).toEqual([1, null]);
    expect(output.stderr).toContain('fixture cannot start. 1 setting is wrong:\n  PORT: is "x"');
    expect(output.stdout).toBe('');
  });
});
