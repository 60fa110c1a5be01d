// `node scripts/docs/events.ts --write`: docs/events.md from the catalogue of event types and the schemas they are published with.
import { eventsDocument } from './events-document.ts';
import { writeOrCheck } from './generated-file.ts';

await writeOrCheck('docs/events.md', eventsDocument());
