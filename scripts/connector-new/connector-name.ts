import { readdirSync } from 'node:fs';
import { parse } from 'node:path';

/** It is a part of URLs, the name of a folder and the beginning of identifiers. `-` ends the connector's name in an account's. */
const NAME = /^[a-z][a-z0-9]{2,30}$/;

/** Words that cannot name the constant of a connector, or would hide what its files import. */
const RESERVED: ReadonlySet<string> = new Set(
  (
    'await break case catch class const continue debugger default delete else enum eval export extends false finally for ' +
    'function implements import instanceof interface let new null package private protected public return static super ' +
    'switch this throw true try typeof undefined var void while with yield arguments ' +
    'buffer connector connectors credential describe expect process raise sign test'
  ).split(' '),
);

/**
 * Why a new connector cannot have this name; null when it can.
 *
 * @param folder of the connectors; the name of any folder or file in it is taken, those of the presets too
 */
export function faultOfName(name: string, folder: string): string | null {
  if (!NAME.test(name)) {
    return 'A name has 3 to 31 lower-case letters and digits and begins with a letter, like stripe or mercadopago.';
  }
  if (RESERVED.has(name)) {
    return `${name} means something to TypeScript or to the files of a connector: choose another name.`;
  }
  // As file systems that do not tell apart upper and lower case would.
  const taken = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) =>
    parse(path).name.toLowerCase(),
  );
  return taken.includes(name) ? `${name} is there already: nothing was written.` : null;
}
