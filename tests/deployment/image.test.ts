import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layOutImage, shippedFiles } from './image-content.ts';
import { defaultOf, services } from './services.ts';

const root = join(__dirname, '..', '..');
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');

describe('the image', () => {
  it('has the Node that development and tests are pinned to', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    expect(dockerfile).toContain(`ARG NODE_IMAGE=node:${devDependencies.node}-`);
    expect(dockerfile.match(/^FROM (?!\$\{NODE_IMAGE\})/gm)).toBeNull();
  });

  it('runs as a user that is not root, and stops on SIGTERM', () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
    expect(last).toMatch(/^USER 1000:1000$/m);
    expect(last).toMatch(/^STOPSIGNAL SIGTERM$/m);
    expect(last).toMatch(/^ENTRYPOINT \["node"\]$/m);
  });

  it('names the ports of the services', () => {
    const exposed = /^EXPOSE (.+)$/m.exec(dockerfile)?.[1]?.split(' ');
    expect(exposed).toEqual([...services.map((service) => defaultOf(service, 'PORT')), '9090']);
  });

  it('has a default command that is there', () => {
    const command = /^CMD \["(.+)"\]$/m.exec(dockerfile)?.[1] ?? '';
    expect(existsSync(join(root, command))).toBe(true);
  });

  it('holds no test, no fixture and nothing that starts stores', () => {
    const files = shippedFiles();
    expect(files).toContain('services/ingress/src/main.ts');
    expect(files).toContain('packages/local-stack/package.json');
    expect(files.filter((file) => /\.test\.ts$|\/tests\/|\/fixtures\/|local-stack\/src/.test(file))).toEqual([]);
  });
});

describe('what the image holds is enough', () => {
  const folder = mkdtempSync(join(tmpdir(), 'owngateway-image-'));
  beforeAll(() => layOutImage(folder), 30_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(services)(
    'for $name to come as far as its settings',
    ({ name, settings }) => {
      const main = join(folder, 'services', name, 'src', 'main.ts');
      const { status, stderr } = spawnSync(process.execPath, [main], { env: {}, encoding: 'utf8' });
      const missing = settings.filter((setting) => setting.required).map((setting) => setting.name);
      expect(stderr).toContain(`${name} cannot start.`);
      for (const setting of missing) expect(stderr).toContain(`${setting}: is missing`);
      expect(status).toBe(1);
    },
    30_000,
  );
});
