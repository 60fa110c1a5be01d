import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

/** What making, checking and testing a connector needs of the repository. */
const COPIED = [
  '.gitignore',
  'biome.json',
  'package.json',
  'packages/connectors',
  'scripts/connector-new',
  'scripts/connector-new.ts',
  'tsconfig.base.json',
  'tsconfig.json',
];

/** Without the servers that other tests need. */
const JEST_CONFIG = `export default {
  testMatch: ['<rootDir>/packages/connectors/src/**/*.test.ts'],
  transform: { '^.+\\\\.ts$': ['@swc/jest', { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }] },
};
`;

export interface Clone {
  root: string;
  /** Runs a command of node_modules/.bin, or `node`, in the clone. */
  run(command: string, ...args: readonly string[]): SpawnSyncReturns<string>;
  close(): void;
}

/** A temporary copy of the part of the repository that a new connector touches. */
export function openClone(): Clone {
  const clone = mkdtempSync(join(tmpdir(), 'owngateway-connector-'));
  for (const path of COPIED) {
    mkdirSync(join(clone, path, '..'), { recursive: true });
    cpSync(join(root, path), join(clone, path), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  writeFileSync(join(clone, 'jest.config.mjs'), JEST_CONFIG);
  return {
    root: clone,
    run: (command, ...args) =>
      spawnSync(command === 'node' ? process.execPath : join(clone, 'node_modules', '.bin', command), args, {
        cwd: clone,
        encoding: 'utf8',
        env: { ...process.env, FORGERIES: '10' },
      }),
    close: () => rmSync(clone, { recursive: true, force: true }),
  };
}
