import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { shippedFiles } from './image-content.ts';

const root = join(__dirname, '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** As far as this test looks into it. */
interface Job {
  metadata: { namespace: string };
  spec: {
    template: {
      metadata: { labels: Record<string, string> };
      spec: {
        containers: [{ image: string; args: string[]; env: { name: string; value: string }[] }];
        volumes: { secret: { secretName: string; items: { key: string }[] } }[];
      };
    };
  };
}

const job: Job = parse(read('k8s/reencrypt-job.yaml'));
const { metadata, spec } = job.spec.template;
const [container] = spec.containers;

test('the Job that re-encrypts runs a file of the image, with the keys of the operator’s Secret that it reads', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  expect(container.image).toBe(`owngateway-webhooks:${version}`);
  expect(shippedFiles()).toContain(container.args[0]);
  const secret: { metadata: { name: string; namespace: string }; stringData: Record<string, string> } = parse(
    read('k8s/secret.example.yaml'),
  );
  expect(job.metadata.namespace).toBe(secret.metadata.namespace);
  const mounted = spec.volumes[0]?.secret;
  expect(mounted?.secretName).toBe(secret.metadata.name);
  expect(mounted?.items.map(({ key }) => `${key}_FILE`)).toEqual(container.env.map(({ name }) => name));
  for (const { key } of mounted?.items ?? []) expect(secret.stringData).toHaveProperty(key);
});

test('the Job may reach the stores, and no Service sends it requests', () => {
  const name = metadata.labels['app.kubernetes.io/name'] ?? '';
  expect(['ingress', 'subscriptions', 'dispatcher']).not.toContain(name);
  const [stores] = read('k8s/base/network-policies.yaml')
    .split('\n---\n')
    .filter((text) => text.includes('name: stores'));
  expect(stores).toContain(name);
});
