import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { deploymentOf, ofKind, renderBase } from './kubernetes-base.ts';
import { type Manifest, service as serviceManifest } from './manifests.ts';
import { services } from './services.ts';

const root = join(__dirname, '..', '..');
const base = renderBase();
const named = (kind: string, name: string): Manifest | undefined =>
  ofKind(base, kind).find((one) => one.metadata.name === name);

/** A health check of a service gives up after 2 s (service-kit), so a probe must wait longer to hear of it. */
const HEALTH_CHECK_S = 2;

describe.each(services)('Kubernetes base: $name', ({ name, isCalled }) => {
  const { spec } = deploymentOf(base, name);
  const pod = spec.template.spec;
  const [container] = pod.containers;
  const selector = { 'app.kubernetes.io/name': name };

  it('runs its own code from the one image, at a version', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(container).toMatchObject({
      image: `owngateway-webhooks:${version}`,
      args: [`services/${name}/src/main.ts`],
    });
  });

  it('is asked on its metrics port whether it lives and whether it is ready', () => {
    const { startupProbe, livenessProbe, readinessProbe } = container;
    expect(startupProbe.httpGet).toEqual({ path: '/livez', port: 'metrics' });
    expect(livenessProbe.httpGet).toEqual({ path: '/livez', port: 'metrics' });
    expect(readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'metrics' });
    for (const { timeoutSeconds } of [startupProbe, livenessProbe, readinessProbe]) {
      expect(timeoutSeconds).toBeGreaterThan(HEALTH_CHECK_S);
    }
  });

  it('meets the restricted Pod Security Standard, and cannot write to its file system', () => {
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 1000,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container.securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: { drop: ['ALL'] },
    });
    const writable = container.volumeMounts.filter((mount) => !mount.readOnly);
    expect(writable.map(({ mountPath }) => mountPath)).toEqual(['/tmp']);
  });

  it('has an account of its own that the cluster never hears from', () => {
    expect(pod).toMatchObject({ serviceAccountName: name, automountServiceAccountToken: false });
    expect(named('ServiceAccount', name)).toMatchObject({ automountServiceAccountToken: false });
  });

  it('asks for resources and has limits', () => {
    expect(Object.keys(container.resources.requests)).toEqual(Object.keys(container.resources.limits));
  });

  it('runs twice at least, spread over nodes and zones', () => {
    const scaler = named('HorizontalPodAutoscaler', name);
    if (scaler === undefined) expect(spec.replicas).toBeGreaterThanOrEqual(2);
    // A number here would undo what the autoscaler decided, at every deployment.
    else expect({ replicas: spec.replicas, scaler }).toMatchObject({ scaler: { spec: { minReplicas: 2 } } });
    expect(pod.topologySpreadConstraints.map((one) => one.topologyKey).sort()).toEqual([
      'kubernetes.io/hostname',
      'topology.kubernetes.io/zone',
    ]);
  });

  it('loses one replica at a time to a drained node', () => {
    expect(named('PodDisruptionBudget', name)).toMatchObject({
      spec: { maxUnavailable: 1, selector: { matchLabels: selector } },
    });
  });

  it('has a Service for its callers, where it is called, and for its metrics', () => {
    const { type, selector: selected, ports } = serviceManifest.parse(named('Service', name)).spec;
    expect({ type: type ?? 'ClusterIP', selected }).toEqual({ type: 'ClusterIP', selected: selector });
    expect(ports.map((port) => port.targetPort)).toEqual(isCalled ? ['http', 'metrics'] : ['metrics']);
    expect(spec.template.metadata.labels).toMatchObject(selector);
  });
});

describe('Kubernetes base', () => {
  it(`is what ${base.by} makes of it`, () => {
    expect(
      ofKind(base, 'Deployment')
        .map((one) => one.metadata.name)
        .sort(),
    ).toEqual(services.map((one) => one.name).sort());
    if (base.by !== 'kubectl kustomize') return;
    expect(base.manifests.every((one) => one.kind === 'Namespace' || one.metadata.namespace === 'owngateway')).toBe(
      true,
    );
  });

  it('enforces the restricted Pod Security Standard in its namespace', () => {
    expect(named('Namespace', 'owngateway')).toMatchObject({
      metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    });
  });

  it('carries no Secret; the example beside it has the right keys and no usable value', () => {
    expect(ofKind(base, 'Secret')).toEqual([]);
    const example = parse(readFileSync(join(root, 'k8s', 'secret.example.yaml'), 'utf8')) as {
      metadata: { name: string };
      stringData: Record<string, string>;
    };
    const volumes = services.flatMap(({ name }) => deploymentOf(base, name).spec.template.spec.volumes);
    const mounted = volumes.flatMap(({ secret }) => secret ?? []);
    expect(new Set(mounted.map(({ secretName }) => secretName))).toEqual(new Set([example.metadata.name]));
    expect(Object.keys(example.stringData).sort()).toEqual(
      [...new Set(mounted.flatMap(({ items }) => items.map(({ key }) => key)))].sort(),
    );
    expect(Object.values(example.stringData).every((text) => text.startsWith('REPLACE '))).toBe(true);
  });

  it('scales ingress by CPU', () => {
    expect(named('HorizontalPodAutoscaler', 'ingress')).toMatchObject({
      spec: { scaleTargetRef: { kind: 'Deployment', name: 'ingress' }, metrics: [{ resource: { name: 'cpu' } }] },
    });
  });
});
