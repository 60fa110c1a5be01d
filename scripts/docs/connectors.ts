// `node scripts/docs/connectors.ts --write`: docs/connectors, a page per connector of the registry, from its own tables.
import { connectorPages } from './connector-pages.ts';
import { writeOrCheck } from './generated-file.ts';

for (const [path, content] of connectorPages()) {
  await writeOrCheck(path, content);
}
