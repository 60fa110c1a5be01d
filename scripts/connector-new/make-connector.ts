import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const template = join(import.meta.dirname, 'template');

/**
 * Makes the folder of a new connector: everything that a connector consists of, refusing and reading nothing, so that its
 * contract tests fail until they are true.
 *
 * @param folder which must not be there yet
 * @returns the files that were written, from the folder
 * @throws when the folder is there
 */
export function makeConnector(name: string, folder: string): string[] {
  const title = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  mkdirSync(folder);
  return globSync('**/*.txt', { cwd: template }).map((file) => {
    const path = file.replace(/\.txt$/, '');
    const content = readFileSync(join(template, file), 'utf8');
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content.replaceAll('__name__', name).replaceAll('__Name__', title), {
      flag: 'wx',
    });
    return path;
  });
}
