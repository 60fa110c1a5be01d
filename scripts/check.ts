/**
 * The cheap checks that come before the tests: format and lint with the dependency rules (Biome), types (TypeScript), and
 * unused files, exports and dependencies (knip). All run, so that one run tells everything; any that fails fails the whole.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const CHECKS = [
  { what: 'format, lint and dependency rules', program: 'biome', args: ['check', '--error-on-warnings', '.'] },
  { what: 'types', program: 'tsc', args: ['--project', 'tsconfig.json'] },
  { what: 'unused files, exports and dependencies', program: 'knip', args: [] },
];

const root = join(import.meta.dirname, '..');
const failed = CHECKS.filter(({ what, program, args }) => {
  process.stdout.write(`${what}: ${program} ${args.join(' ')}\n`);
  const { status } = spawnSync(join(root, 'node_modules', '.bin', program), args, { cwd: root, stdio: 'inherit' });
  return status !== 0;
});
if (failed.length > 0) {
  process.stderr.write(`Failed: ${failed.map(({ what }) => what).join('; ')}\n`);
  process.exitCode = 1;
}
