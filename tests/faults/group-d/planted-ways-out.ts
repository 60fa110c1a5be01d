import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '@owngateway/local-stack';

const PLACES = [
  'services/ingress',
  'services/subscriptions',
  'services/dispatcher',
  'packages/store',
  'packages/queue',
];

/** Every way out that somebody may reach for, as one file each. */
const WAYS_OUT = [
  ...['axios', 'undici', 'got', 'node-fetch', 'ws'].map(
    (name) => `import client from '${name}';\nexport const way = client;\n`,
  ),
  ...['node:https', 'node:http2', 'node:tls', 'node:dgram', 'http', 'https', 'net', 'tls'].map(
    (name) => `import * as client from '${name}';\nexport const way = client;\n`,
  ),
  "import { request } from 'node:http';\nexport const way = request;\n",
  "import { get } from 'node:http';\nexport const way = get;\n",
  "import { connect } from 'node:net';\nexport const way = connect;\n",
  "import { Socket } from 'node:net';\nexport const way = Socket;\n",
  ...['fetch', 'WebSocket', 'EventSource'].map((name) => `export const way = ${name};\n`),
];

const RULES = ['--only=style/noRestrictedImports', '--only=style/noRestrictedGlobals'];
const BIOME = join(repositoryRoot, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');

/** What the linter makes of ways around packages/outbound. */
export interface PlantedWaysOut {
  planted: number;
  /** Planted files that it lets pass. */
  passed: string[];
  /** Files of ours that have such a way. */
  ours: string[];
}

/** Plants ways out in a copy of our folders, and looks through our own sources by the same rules. */
export async function plantWaysOut(): Promise<PlantedWaysOut> {
  const copy = await mkdtemp(join(tmpdir(), 'owngateway-lint-'));
  try {
    for (const file of ['biome.json', '.gitignore']) await copyFile(join(repositoryRoot, file), join(copy, file));
    const planted = PLACES.flatMap((place) =>
      WAYS_OUT.map((text, index) => [join(place, 'src', `way-${index}.ts`), text] as const),
    );
    for (const [file, text] of planted) {
      await mkdir(dirname(join(copy, file)), { recursive: true });
      await writeFile(join(copy, file), text);
    }
    const found = await refusedBy(copy);
    return {
      planted: planted.length,
      passed: planted.map(([file]) => file).filter((file) => !found.has(file)),
      ours: [...(await refusedBy(repositoryRoot))],
    };
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** The files under a folder that break one of the two rules. */
async function refusedBy(folder: string): Promise<Set<string>> {
  const args = ['lint', '--reporter=json', '--max-diagnostics=none', ...RULES, 'services', 'packages'];
  const run = promisify(execFile)(process.execPath, [BIOME, ...args], { cwd: folder, maxBuffer: 64 * 1024 * 1024 });
  const { stdout } = await run.catch((error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }));
  const report = JSON.parse(stdout) as { diagnostics: { location: { path: string } }[] };
  return new Set(report.diagnostics.map(({ location }) => location.path));
}
