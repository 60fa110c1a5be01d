import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { type Deployment, deployment, type Manifest, manifest } from './manifests.ts';

export const baseFolder = join(__dirname, '..', '..', 'k8s', 'base');

/** The manifests of `k8s/base`, and how they were made. */
export interface RenderedBase {
  by: 'kubectl kustomize' | 'the test itself';
  text: string;
  manifests: readonly Manifest[];
}

/** Rendered as an operator would; without kubectl the files are read as they are, which proves less. */
export function renderBase(): RenderedBase {
  const by = hasKubectl() ? 'kubectl kustomize' : 'the test itself';
  const text = by === 'kubectl kustomize' ? kustomize() : readFiles();
  const manifests = parseAllDocuments(text).map((document) => manifest.parse(document.toJS()));
  return { by, text, manifests };
}

function hasKubectl(): boolean {
  return spawnSync('kubectl', ['version', '--client'], { stdio: 'ignore' }).status === 0;
}

function kustomize(): string {
  return execFileSync('kubectl', ['kustomize', baseFolder], { encoding: 'utf8' });
}

const kustomization = z.object({
  namespace: z.string(),
  resources: z.array(z.string()),
  images: z.array(z.object({ name: z.string(), newTag: z.string() })),
});

/** Only what this base needs of kustomize: its resources, its one ConfigMap, its image tag. */
function readFiles(): string {
  const read = (name: string): string => readFileSync(join(baseFolder, name), 'utf8');
  const { resources, images, namespace } = kustomization.parse(parse(read('kustomization.yaml')));
  const settings = [...read('settings.env').matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]);
  const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace } };
  const documents = [...resources.map(read), JSON.stringify({ ...configMap, data: Object.fromEntries(settings) })];
  return images.reduce(
    (text, { name, newTag }) => text.replaceAll(`image: ${name}\n`, `image: ${name}:${newTag}\n`),
    documents.join('\n---\n'),
  );
}

/** The manifests of one kind. */
export function ofKind(base: RenderedBase, kind: string): Manifest[] {
  return base.manifests.filter((one) => one.kind === kind);
}

/** The Deployment of a service, with the parts that the tests look at. */
export function deploymentOf(base: RenderedBase, name: string): Deployment {
  return deployment.parse(ofKind(base, 'Deployment').find((one) => one.metadata.name === name));
}
