import { join } from 'node:path';

/** The folder that holds `services/`. */
export const repositoryRoot = join(import.meta.dirname, '..', '..', '..', '..');
