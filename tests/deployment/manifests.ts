import { z } from 'zod';

// The shapes of the manifests, as far as the tests read them. A missing part is a failed parse, and so a failed test.

export const manifest = z.looseObject({ kind: z.string(), metadata: z.looseObject({ name: z.string() }) });
export type Manifest = z.output<typeof manifest>;

const reference = z.object({ name: z.string(), key: z.string(), optional: z.boolean().default(false) });
const variable = z.object({
  name: z.string(),
  value: z.string().optional(),
  valueFrom: z.strictObject({ configMapKeyRef: reference.optional(), secretKeyRef: reference.optional() }).optional(),
});

const probe = z.object({
  httpGet: z.object({ path: z.string(), port: z.string() }),
  timeoutSeconds: z.number(),
});

const amounts = z.object({ cpu: z.string(), memory: z.string() });

const container = z.object({
  name: z.string(),
  image: z.string(),
  args: z.array(z.string()),
  ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
  env: z.array(variable),
  lifecycle: z.object({ preStop: z.object({ exec: z.object({ command: z.array(z.string()) }) }) }).optional(),
  startupProbe: probe,
  livenessProbe: probe,
  readinessProbe: probe,
  resources: z.object({ requests: amounts, limits: amounts }),
  securityContext: z.unknown(),
  volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string(), readOnly: z.boolean().default(false) })),
});

const volume = z.object({
  name: z.string(),
  secret: z
    .object({ secretName: z.string(), items: z.array(z.object({ key: z.string(), path: z.string() })) })
    .optional(),
});

export const deployment = z.object({
  spec: z.object({
    replicas: z.number().optional(),
    template: z.object({
      metadata: z.object({ labels: z.record(z.string(), z.string()) }),
      spec: z.object({
        automountServiceAccountToken: z.boolean(),
        serviceAccountName: z.string(),
        terminationGracePeriodSeconds: z.number(),
        securityContext: z.unknown(),
        topologySpreadConstraints: z.array(z.object({ topologyKey: z.string() })),
        containers: z.tuple([container]),
        volumes: z.array(volume),
      }),
    }),
  }),
});
export type Deployment = z.output<typeof deployment>;

export const configMap = z.object({ metadata: z.object({ name: z.string() }), data: z.record(z.string(), z.string()) });

export const service = z.object({
  spec: z.object({
    type: z.string().optional(),
    selector: z.record(z.string(), z.string()),
    ports: z.array(z.object({ name: z.string(), port: z.number(), targetPort: z.string() })),
  }),
});

const peer = z.looseObject({
  ipBlock: z.object({ cidr: z.string(), except: z.array(z.string()).default([]) }).optional(),
});
const port = z.object({ protocol: z.string(), port: z.union([z.string(), z.number()]) });

export const networkPolicy = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    podSelector: z.looseObject({}),
    policyTypes: z.array(z.string()),
    ingress: z.array(z.object({ from: z.array(peer).optional(), ports: z.array(port) })).default([]),
    egress: z.array(z.object({ to: z.array(peer).optional(), ports: z.array(port) })).default([]),
  }),
});
export type NetworkPolicy = z.output<typeof networkPolicy>;
