import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationDocument } from '../../scripts/docs/configuration-document.ts';
import { connectorPages } from '../../scripts/docs/connector-pages.ts';
import { errorsDocument } from '../../scripts/docs/errors-document.ts';
import { eventsDocument } from '../../scripts/docs/events-document.ts';

const root = join(__dirname, '..', '..');
const docs = join(root, 'docs');

it.each([
  ['configuration.md', configurationDocument],
  ['errors.md', errorsDocument],
  ['events.md', eventsDocument],
])('docs/%s says what the code says (else: npm run docs)', (name, document) => {
  expect(readFileSync(join(docs, name), 'utf8')).toBe(document());
});

it.each([...connectorPages()])('%s says what the connector says (else: npm run docs)', (path, content) => {
  expect(existsSync(join(root, path))).toBe(true);
  expect(readFileSync(join(root, path), 'utf8')).toBe(content);
});

it('docs/connectors has no page of a connector that is not there', () => {
  expect(globSync('docs/connectors/*', { cwd: root }).toSorted()).toEqual([...connectorPages().keys()].toSorted());
});

it('the pages of connectors lead to headings of docs/events.md', () => {
  const headings = [...eventsDocument().matchAll(/^##+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^a-z0-9_ -]/g, '')
      .replaceAll(' ', '-'),
  );
  const pages = [...connectorPages().values(), eventsDocument()].join('\n');
  const anchors = [...pages.matchAll(/\]\((?:\.\.\/events\.md)?#([^)]+)\)/g)].map(([, anchor = '']) => anchor);
  expect(anchors.length).toBeGreaterThan(100);
  expect(anchors.filter((anchor) => !headings.includes(anchor))).toEqual([]);
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
