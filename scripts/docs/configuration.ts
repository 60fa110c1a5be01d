// `node scripts/docs/configuration.ts --write`: docs/configuration.md from the services' own settings.
import { configurationDocument } from './configuration-document.ts';
import { writeOrCheck } from './generated-file.ts';

await writeOrCheck('docs/configuration.md', configurationDocument());
