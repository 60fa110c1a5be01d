import { type ServiceHandle, type ServiceOptions, startService, waitUntil } from '../src/index.ts';
import { processAlive } from '../src/process/process-alive.ts';

jest.setTimeout(60_000);

const entry = `${import.meta.dirname}/processes/toy-service.mjs`;
const running: ServiceHandle[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((service) => service.stop()));
});

async function toy(options: Partial<ServiceOptions> = {}): Promise<ServiceHandle> {
  const service = await startService({ name: 'toy', entry, env: {}, ...options });
  running.push(service);
  return service;
}

const ask = async (service: ServiceHandle, path = '/readyz') =>
  (await fetch(new URL(path, service.url), { headers: { connection: 'close' } })).text();

test('a service is ready when it is handed over, and sees only its own settings', async () => {
  process.env.SOMEBODY_ELSES_SECRET = 'x';
  const service = await toy({ env: { MONGO_URL: 'mongodb://127.0.0.1/x' } });
  expect(await ask(service)).toBe(String(service.pid));
  const env = JSON.parse(await ask(service, '/env')) as Record<string, string>;
  expect(env).toMatchObject({ MONGO_URL: 'mongodb://127.0.0.1/x', PORT: new URL(service.url).port });
  expect(env).not.toHaveProperty('SOMEBODY_ELSES_SECRET');
});

test('a service that dies is started again on the same port, each time', async () => {
  const back: number[] = [];
  const service = await toy({ onRestart: (pid) => back.push(pid) });
  const first = service.pid;
  service.kill('SIGKILL');
  expect(await waitUntil(() => back.length === 1, 10_000)).toBe(true);
  await ask(service, '/die').catch(() => {});
  expect(await waitUntil(() => back.length === 2, 10_000)).toBe(true);
  expect(new Set([first, ...back]).size).toBe(3);
  expect(await ask(service)).toBe(String(back[1]));
});

test('one that was stopped stays down until it is started again', async () => {
  const lines: string[] = [];
  const service = await toy({ output: (line) => lines.push(line) });
  const first = service.pid ?? 0;
  await service.stop();
  expect(service.pid).toBeNull();
  expect(processAlive(first)).toBe(false);
  expect(lines).toContain('stopping in good order');
  await service.restart();
  expect(await ask(service)).toBe(String(service.pid));
});

test('one that was killed on purpose stays down as well', async () => {
  const back: number[] = [];
  const service = await toy({ onRestart: (pid) => back.push(pid) });
  await service.kill9();
  expect(await waitUntil(() => back.length > 0, 600)).toBe(false);
  expect(service.pid).toBeNull();
});

test('one that ignores SIGTERM is killed when its time is over', async () => {
  const service = await toy({ env: { STUBBORN: '1' }, stopTimeoutMs: 300 });
  const pid = service.pid ?? 0;
  await service.stop();
  expect(processAlive(pid)).toBe(false);
});

test('one that cannot start says why in its own words', async () => {
  const broken = toy({ env: { BROKEN: '1' } });
  await expect(broken).rejects.toMatchObject({
    code: 'start_failed',
    message: expect.stringMatching(/^toy ended before it was ready\.[\s\S]*the settings are wrong/),
  });
});

test('one that is given up while it starts is stopped in good order, and its start fails', async () => {
  const lines: string[] = [];
  const giveUp = new AbortController();
  const output = (line: string): void => {
    lines.push(line);
    if (line === 'listening') giveUp.abort();
  };
  await expect(toy({ readyPath: '/busy', signal: giveUp.signal, output })).rejects.toThrow('ended before it was ready');
  expect(lines).toContain('stopping in good order');
});
