// `npm run docs`: writes every page that is made from the code; tests/deployment/generated-docs.test.ts compares them.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configurationDocument } from './docs/configuration-document.ts';
import { connectorPages } from './docs/connector-pages.ts';
import { errorsDocument } from './docs/errors-document.ts';
import { eventsDocument } from './docs/events-document.ts';

const root = join(import.meta.dirname, '..');

const pages = new Map([
  ['docs/configuration.md', configurationDocument()],
  ['docs/errors.md', errorsDocument()],
  ['docs/events.md', eventsDocument()],
  ...connectorPages(),
]);
for (const [path, content] of pages) {
  await writeFile(join(root, path), content);
}
