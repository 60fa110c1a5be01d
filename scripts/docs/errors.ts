// `node scripts/docs/errors.ts --write`: docs/errors.md from the problems that the services declare.
import { errorsDocument } from './errors-document.ts';
import { writeOrCheck } from './generated-file.ts';

await writeOrCheck('docs/errors.md', errorsDocument());
