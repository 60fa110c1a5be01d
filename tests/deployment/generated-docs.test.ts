import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationDocument } from '../../scripts/docs/configuration-document.ts';
import { errorsDocument } from '../../scripts/docs/errors-document.ts';

const root = join(__dirname, '..', '..');
const docs = join(root, 'docs');

it.each([
  ['configuration.md', configurationDocument],
  ['errors.md', errorsDocument],
])('docs/%s says what the code says (else: node scripts/docs/<name>.ts --write)', (name, document) => {
  expect(readFileSync(join(docs, name), 'utf8')).toBe(document());
});

it('docs/errors.md gives every type a heading of its own', () => {
  const headings = [...errorsDocument().matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
  expect(headings.length).toBeGreaterThan(20);
  expect(new Set(headings).size).toBe(headings.length);
});

it('docs/errors.md has every problem that is declared anywhere', () => {
  const declared = globSync('{packages,services}/*/src/**/*.ts', { cwd: root })
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) => [...readFileSync(join(root, file), 'utf8').matchAll(/= defineProblems\(\{\n([\s\S]*?)\n\}\)/g)])
    .flatMap(([, body = '']) => [...body.matchAll(/^ {2}([a-z_]+): \{$/gm)].map(([, code = '']) => code));
  expect(declared.length).toBeGreaterThan(20);
  const document = errorsDocument();
  expect(declared.filter((code) => !document.includes(`### ${code.replaceAll('_', '-')}\n`))).toEqual([]);
});
