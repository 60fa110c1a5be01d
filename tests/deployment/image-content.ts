import { copyFileSync, globSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, matchesGlob } from 'node:path';

const root = join(__dirname, '..', '..');

/** Whether .dockerignore keeps the file out of the image: the last line that matches it, or a folder above it, decides. */
function isIgnored(file: string, lines: readonly string[]): boolean {
  const parts = file.split('/');
  const paths = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  let ignored = false;
  for (const line of lines) {
    const pattern = line.replace(/^!/, '');
    if (paths.some((path) => matchesGlob(path, pattern))) ignored = !line.startsWith('!');
  }
  return ignored;
}

/** The files of packages/ and services/ that reach the image. */
export function shippedFiles(): string[] {
  const lines = readFileSync(join(root, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const files = globSync('{packages,services}/*/{package.json,src/**/*,tests/**/*}', {
    cwd: root,
    withFileTypes: true,
  });
  return files
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((file) => !isIgnored(file, lines));
}

interface Lock {
  packages: Record<
    string,
    { dev?: boolean; devOptional?: boolean; optional?: boolean; link?: boolean; resolved?: string }
  >;
}

/** Lays out in an empty folder what the Dockerfile does: the shipped files, and the packages that `npm ci --omit=dev` keeps. */
export function layOutImage(folder: string): void {
  for (const file of shippedFiles()) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    copyFileSync(join(root, file), join(folder, file));
  }
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;
  for (const [path, { dev, devOptional, optional, link, resolved = '' }] of Object.entries(lock.packages)) {
    // What lies below a package of its own comes with it; optional ones are not on every machine.
    const isTop = /^((packages|services)\/[^/]+\/)?node_modules\/(@[^/]+\/)?[^/]+$/.test(path);
    if (!isTop || dev === true || devOptional === true || optional === true) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(join(link === true ? folder : root, link === true ? resolved : path), join(folder, path));
  }
}
