/**
 * The cheap checks that come before the tests: format and lint with the dependency rules (Biome), types (TypeScript), and
 * unused files, exports and dependencies (knip). All run, so that one run tells everything; any that fails fails the whole.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const CHECKS = [
  { what: 'format, lint and dependency rules', command: 'lint' },
  { what: 'types', command: 'typecheck' },
  { what: 'unused files, exports and dependencies', command: 'unused' },
];

const run = join(import.meta.dirname, 'run.mjs');
const failed = CHECKS.filter(({ what, command }) => {
  process.stdout.write(`${what}: npm run ${command}\n`);
  return spawnSync(process.execPath, [run, command], { stdio: 'inherit' }).status !== 0;
});
if (failed.length > 0) {
  process.stderr.write(`Failed: ${failed.map(({ what }) => what).join('; ')}\n`);
  process.exitCode = 1;
}
