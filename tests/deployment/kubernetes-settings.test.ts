import { loadSettings } from '@owngateway/service-kit';
import { deploymentOf, ofKind, renderBase } from './kubernetes-base.ts';
import { configMap } from './manifests.ts';
import { defaultOf, longestRequestMs, services, WRITING_MS } from './services.ts';

const base = renderBase();
const settingsMap = configMap.parse(ofKind(base, 'ConfigMap')[0]);

/** What the operator's Secret holds. */
const SECRET: Readonly<Record<string, string>> = {
  MONGO_URL: 'mongodb://user:password@mongo.example/owngateway',
  REDIS_URL: 'rediss://redis.example:6379',
  ENCRYPTION_KEYS: `1:${Buffer.alloc(32, 7).toString('base64')}`,
  JWT_SECRET: 'x'.repeat(32),
};

/** The environment of a service's container, and the files of its volumes. */
function startedWith(name: string) {
  const { containers, volumes } = deploymentOf(base, name).spec.template.spec;
  const [container] = containers;
  const environment: Record<string, string> = {};
  for (const { name: variable, value, valueFrom } of container.env) {
    const from = valueFrom?.configMapKeyRef;
    const text = from === undefined ? value : settingsMap.data[from.key];
    if (text !== undefined) environment[variable] = text;
    else if (from?.optional !== true) throw new Error(`${variable} has no value`);
  }
  const files = new Map<string, string>();
  for (const { name: volume, secret } of volumes) {
    const folder = container.volumeMounts.find((mount) => mount.name === volume)?.mountPath;
    for (const { key, path } of secret?.items ?? []) files.set(`${folder}/${path}`, SECRET[key] ?? '');
  }
  return { container, environment, files };
}

describe.each(services)('Kubernetes base: settings of $name', (service) => {
  const { name, definition, settings } = service;
  const { container, environment, files } = startedWith(name);
  const bare = (variable: string): string => variable.replace(/_FILE$/, '');

  it('are complete: it would start', () => {
    const readFile = (path: string): string => {
      const text = files.get(path);
      if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      return text;
    };
    expect(() => loadSettings(definition, environment, readFile)).not.toThrow();
  });

  it('are each of its own, and none of another', () => {
    const passed = container.env.map((variable) => bare(variable.name));
    const known = settings.map((setting) => setting.name).filter((setting) => setting !== 'HOST');
    expect(passed.sort()).toEqual(known.sort());
  });

  it('come from the Secret, as files, exactly where they are secret', () => {
    const secrets = settings.filter((setting) => setting.secret).map((setting) => setting.name);
    const fromFiles = container.env.filter((variable) => variable.name.endsWith('_FILE'));
    expect(fromFiles.map((variable) => bare(variable.name)).sort()).toEqual(secrets.sort());
    expect(fromFiles.map((variable) => variable.value).sort()).toEqual([...files.keys()].sort());
    expect(Object.keys(settingsMap.data).filter((key) => secrets.includes(key))).toEqual([]);
    expect(container.env.filter((variable) => variable.valueFrom?.secretKeyRef !== undefined)).toEqual([]);
  });

  it('come from the ConfigMap that the base makes', () => {
    const maps = container.env.map(
      (variable) => variable.valueFrom?.configMapKeyRef?.name ?? settingsMap.metadata.name,
    );
    expect(new Set(maps)).toEqual(new Set([settingsMap.metadata.name]));
  });

  it('equal the defaults of the code', () => {
    const { METRICS_PORT: _ours, SHUTDOWN_GRACE_MS: _longer, ...rest } = environment;
    for (const [setting, value] of Object.entries(rest)) {
      const byCode = defaultOf(service, setting);
      if (byCode !== null) expect({ setting, value }).toEqual({ setting, value: byCode });
    }
  });

  it('name the ports that the container declares', () => {
    expect(container.ports).toEqual([
      { name: 'http', containerPort: Number(environment.PORT) },
      { name: 'metrics', containerPort: Number(environment.METRICS_PORT) },
    ]);
  });

  it('leave time to stop: preStop, grace and margin end before the kill', () => {
    const preStopS = Number(container.lifecycle?.preStop.exec.command[1] ?? 0);
    const graceMs = Number(environment.SHUTDOWN_GRACE_MS);
    const killedAfterS = deploymentOf(base, name).spec.template.spec.terminationGracePeriodSeconds;
    expect(preStopS).toBeGreaterThanOrEqual(service.isCalled ? 5 : 0);
    expect(killedAfterS).toBeGreaterThanOrEqual(preStopS + graceMs / 1000 + 5);
  });
});

describe('Kubernetes base: settings', () => {
  it('let the dispatcher finish the longest request before it stops', () => {
    const graceMs = Number(startedWith('dispatcher').environment.SHUTDOWN_GRACE_MS);
    expect(graceMs).toBeGreaterThanOrEqual(longestRequestMs() + WRITING_MS);
  });

  it('are all read by somebody', () => {
    const read = new Set(services.flatMap(({ settings }) => settings.map((setting) => setting.name)));
    expect(Object.keys(settingsMap.data).filter((key) => !read.has(key))).toEqual([]);
  });
});
