import { spawn } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { installOnce } from '../src/install/install-once.ts';
import { removeTemporaryFolders, temporaryFolder } from './temporary-folder.ts';

jest.setTimeout(30_000);
afterAll(removeTemporaryFolders);

function installer(folder: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [`${import.meta.dirname}/processes/install-parent.ts`, folder]);
    let answer = '';
    child.stdout.on('data', (data) => {
      answer += data;
    });
    child.on('exit', (code) => (code === 0 ? resolve(answer) : reject(new Error(`exit code ${code}`))));
  });
}

test('several processes at once install once, and all get the same whole folder', async () => {
  const folder = join(await temporaryFolder(), 'server-1.0');
  const answers = await Promise.all([installer(folder), installer(folder), installer(folder)]);
  expect(new Set(answers).size).toBe(1);
  expect(await readFile(`${folder}.count`, 'utf8')).toBe('x');
  expect((await readdir(folder)).sort()).toEqual(['.complete.json', 'first', 'second']);
  expect((await readdir(dirname(folder))).sort()).toEqual([basename(folder), `${basename(folder)}.count`]);
});

test('a lock whose holder has died does not block', async () => {
  const folder = join(await temporaryFolder(), 'server-1.0');
  await writeFile(`${folder}.lock`, '999999999');
  const install = { folder, stillGood: async () => true, install: async () => ({ port: 1 }) };
  expect(await installOnce(install)).toEqual({ port: 1 });
});

test('an installation that failed leaves nothing, and the next one tries again', async () => {
  const folder = join(await temporaryFolder(), 'server-1.0');
  const common = { folder, stillGood: async () => true };
  const broken = installOnce({ ...common, install: () => Promise.reject(new Error('no network')) });
  await expect(broken).rejects.toThrow('no network');
  expect(await readdir(dirname(folder))).toEqual([]);
  expect(await installOnce({ ...common, install: async () => ({ ok: true }) })).toEqual({ ok: true });
});

test('facts that no longer hold are made anew', async () => {
  const folder = join(await temporaryFolder(), 'server-1.0');
  let made = 0;
  const wanted = {
    folder,
    install: async () => ({ generation: ++made }),
    stillGood: async (facts: { generation: number }) => facts.generation > 1,
  };
  expect(await installOnce(wanted)).toEqual({ generation: 1 });
  expect(await installOnce(wanted)).toEqual({ generation: 2 });
  expect(await installOnce(wanted)).toEqual({ generation: 2 });
});
