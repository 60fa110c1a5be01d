import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const connectorsFolder = join(import.meta.dirname, '..', '..', 'packages', 'connectors', 'src');

/**
 * How a connector's notifications are verified, in the words of the comment over the function that does it, so that there is one
 * place to say it. Null for a connector without a folder or comment of its own.
 */
export function verificationComment(connector: string): string | null {
  const file = join(connectorsFolder, connector, 'verify.ts');
  const source = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const at = source.search(/\nexport function verify[A-Z]\w*\(/);
  const begin = source.lastIndexOf('/**', at);
  const end = source.indexOf('*/', begin);
  // The comment must be the function's own: nothing between the two.
  if (at < 0 || begin < 0 || end + '*/'.length !== at) {
    return null;
  }
  const lines = source.slice(begin + '/**'.length, end).split('\n');
  return lines
    .map((line) => line.replace(/^\s*\* ?/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('@'))
    .join(' ')
    .trim();
}
