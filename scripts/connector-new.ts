/**
 * `npm run connector:new NAME`: the folder of a new connector, in the shape of the others, with contract tests that fail until it
 * is filled in. It is not put into the registry: what is there is offered to merchants.
 */
import { spawnSync } from 'node:child_process';
import { join, relative } from 'node:path';
import { faultOfName } from './connector-new/connector-name.ts';
import { makeConnector } from './connector-new/make-connector.ts';

const root = join(import.meta.dirname, '..');
const connectors = join(root, 'packages', 'connectors', 'src');

const [name, ...more] = process.argv.slice(2);
const fault =
  name === undefined || more.length > 0 ? 'Usage: npm run connector:new NAME' : faultOfName(name, connectors);
if (name === undefined || fault !== null) {
  process.stderr.write(`${fault}\n`);
  process.exit(1);
}

const folder = join(connectors, name);
const files = makeConnector(name, folder);
// How lines break and names sort depends on the name.
const { status } = spawnSync(join(root, 'node_modules', '.bin', 'biome'), ['check', '--write', folder], { cwd: root });
if (status !== 0) {
  process.stderr.write('Biome could not format the new files: run npm run lint.\n');
}

const path = relative(root, folder);
process.stdout.write(`Made ${path}:
${files.map((file) => `  ${file}\n`).join('')}
Its tests fail until it is written:
  npm test -- ${path}
CONTRIBUTING.md ("Adding a connector") says in which order. When all but the registry's test pass, add to packages/connectors/src/registry.ts
  import { ${name} } from './${name}/connector.ts';
and ${name} to its list; then
  npm run docs
`);
