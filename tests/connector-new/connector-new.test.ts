import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectors } from '@owngateway/connectors';
import { faultOfName } from '../../scripts/connector-new/connector-name.ts';
import { type Clone, openClone } from './open-clone.ts';

const SHORTEST = 'pay';
const LONGEST = `connector${'x'.repeat(22)}`;
const FOLDER = 'packages/connectors/src';

interface JestReport {
  testResults: { message: string; assertionResults: { title: string; status: string }[] }[];
}

describe('npm run connector:new', () => {
  let clone: Clone;
  const connectorNew = (...args: string[]) => clone.run('node', 'scripts/connector-new.ts', ...args);
  const filesOf = (name: string) =>
    globSync('**/*.ts', { cwd: join(clone.root, FOLDER, name) }).toSorted((one, other) => one.localeCompare(other));

  beforeAll(() => {
    clone = openClone();
    for (const name of [SHORTEST, LONGEST]) {
      const { status, stdout, stderr } = connectorNew(name);
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout).toContain(`import { ${name} } from './${name}/connector.ts';`);
    }
  }, 120_000);

  afterAll(() => clone.close());

  it('makes what every other connector has, with nothing left to replace', () => {
    // The generic connector's tables are its accounts' settings.
    const others = readdirSync(join(clone.root, FOLDER)).filter((name) =>
      ['connector.test.ts', 'mapping.ts'].every((file) => existsSync(join(clone.root, FOLDER, name, file))),
    );
    const everywhere = filesOf('stripe').filter((file) => others.every((name) => filesOf(name).includes(file)));
    expect(everywhere).toEqual(expect.arrayContaining(['connector.ts', 'parse.ts', 'verify.ts']));
    expect(filesOf(SHORTEST)).toEqual(expect.arrayContaining(everywhere));
    const texts = filesOf(SHORTEST).map((file) => readFileSync(join(clone.root, FOLDER, SHORTEST, file), 'utf8'));
    expect(texts.join('\n')).not.toMatch(/__/);
  });

  it('makes what the checks accept, whatever the length of the name', () => {
    const folders = [SHORTEST, LONGEST].map((name) => `${FOLDER}/${name}`);
    const { status, stderr } = clone.run('biome', 'check', '--error-on-warnings', ...folders);
    expect([status, stderr]).toEqual([0, expect.anything()]);
    const { stdout } = clone.run('tsc', '--project', 'tsconfig.json');
    expect(stdout.split('\n').filter((line) => folders.some((folder) => line.startsWith(folder)))).toEqual([]);
  }, 240_000);

  it('makes contract tests that run, and fail until it is written', () => {
    const report = join(clone.root, 'report.json');
    const { status } = clone.run('jest', '--json', `--outputFile=${report}`, `${FOLDER}/${SHORTEST}`);
    const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as JestReport;
    const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
    const failed = tests.filter((test) => test.status === 'failed').map((test) => test.title);
    expect(status).toBe(1);
    // The file could be loaded: what fails are tests.
    expect(tests.length).toBeGreaterThan(30);
    expect(failed).toEqual(
      expect.arrayContaining([
        'is registered under its name',
        'acknowledges with a success and tells how to set it up',
        'accepts a genuine notification, and says when it was signed',
        'reads a genuine notification into one sound event',
        'acknowledges a type that it does not know, without an event',
        'payment.succeeded',
        'has the known answer',
      ]),
    );
  }, 240_000);

  it('makes a connector that takes nothing for genuine and nothing for an event', () => {
    expect(readFileSync(join(clone.root, FOLDER, SHORTEST, 'verify.ts'), 'utf8')).not.toContain('ok: true');
  });

  it('leaves alone what is there', () => {
    const before = filesOf('stripe').map((file) => readFileSync(join(clone.root, FOLDER, 'stripe', file), 'utf8'));
    for (const name of ['stripe', SHORTEST, 'mapping', 'registry']) {
      expect(connectorNew(name).status).toBe(1);
    }
    const after = filesOf('stripe').map((file) => readFileSync(join(clone.root, FOLDER, 'stripe', file), 'utf8'));
    expect(after).toEqual(before);
    const registry = readFileSync(join(clone.root, FOLDER, 'registry.ts'), 'utf8');
    expect(registry).toBe(readFileSync(join(__dirname, '..', '..', FOLDER, 'registry.ts'), 'utf8'));
  });

  it('says how it is called when it is called otherwise', () => {
    for (const args of [[], ['one', 'two']]) {
      const { status, stderr } = connectorNew(...args);
      expect([status, stderr]).toEqual([1, 'Usage: npm run connector:new NAME\n']);
    }
  });
});

describe('the name of a new connector', () => {
  const folder = join(__dirname, '..', '..', FOLDER);

  it.each([
    '',
    'ab',
    'Acme',
    '1pay',
    'acme-pay',
    'acme_pay',
    '../evil',
    'a b',
    'açme',
    'x'.repeat(32),
    'class',
    'raise',
  ])('is not %p', (name) => {
    expect(faultOfName(name, folder)).not.toBeNull();
  });

  it.each([SHORTEST, LONGEST, 'acme2'])('may be %p', (name) => {
    expect(faultOfName(name, folder)).toBeNull();
  });

  it('is not that of a connector', () => {
    expect(connectors.filter(({ name }) => faultOfName(name, folder) === null)).toEqual([]);
  });
});
