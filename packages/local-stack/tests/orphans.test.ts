import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { waitUntil } from '../src/index.ts';
import { processAlive } from '../src/process/process-alive.ts';
import { removeTemporaryFolders, temporaryFolder } from './temporary-folder.ts';

jest.setTimeout(60_000);
afterAll(removeTemporaryFolders);

test('a parent that is killed with -9 leaves no server behind', async () => {
  const script = `${import.meta.dirname}/processes/store-parent.ts`;
  const env = { ...process.env, MONGO_URL: undefined, REDIS_URL: undefined };
  const parent = spawn(process.execPath, [script, await temporaryFolder()], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(parent.stdout), 'line')) as [string];
  const pids = JSON.parse(line) as number[];
  expect(pids).toHaveLength(2);
  expect(pids.every(processAlive)).toBe(true);
  parent.kill('SIGKILL');
  expect(await waitUntil(() => !pids.some(processAlive), 8_000)).toBe(true);
});
