/** Throws, rejects or answers false when something is wrong. */
export type HealthCheck = () => unknown;

export interface HealthReport {
  status: 'ok' | 'failing' | 'stopping';
  checks: Record<string, { status: 'ok' | 'failing'; duration_ms: number }>;
}

export interface Health {
  /** Fails when only a restart helps (a stuck worker); a store that is away is no reason. */
  addLiveness(name: string, check: HealthCheck): void;
  /** Fails while the service cannot do its work (a store is away). */
  addReadiness(name: string, check: HealthCheck): void;
  /** From now on not ready: the service is going down. */
  setStopping(): void;
  liveness(): Promise<HealthReport>;
  readiness(): Promise<HealthReport>;
}

export interface HealthOptions {
  /** How long a check may take before it counts as failed; 2,000 ms. */
  timeoutMs?: number;
  /** How long nobody hears of a check that has not succeeded once, because what it asks is still being connected to; 0 ms. */
  startingMs?: number;
  /** Hears the reasons, which the report leaves out: it is public inside the cluster. */
  onFailure?: (check: string, error: unknown) => void;
}

/** A service's own view of its health, behind /livez and /readyz. */
export function createHealth(options: HealthOptions = {}): Health {
  const { timeoutMs = 2000, startingMs = 0, onFailure } = options;
  const createdAt = performance.now();
  const succeeded = new Set<HealthCheck>();
  const liveness = new Map<string, HealthCheck>();
  const readiness = new Map<string, HealthCheck>();
  let stopping = false;

  async function run(checks: ReadonlyMap<string, HealthCheck>): Promise<HealthReport> {
    const report: HealthReport = { status: 'ok', checks: {} };
    await Promise.all(
      [...checks].map(async ([name, check]) => {
        const startedAt = performance.now();
        let status: 'ok' | 'failing' = 'ok';
        try {
          if ((await withTimeout(check, timeoutMs)) === false) throw new Error('the check answered false');
          succeeded.add(check);
        } catch (error) {
          status = 'failing';
          report.status = 'failing';
          if (succeeded.has(check) || performance.now() - createdAt >= startingMs) onFailure?.(name, error);
        }
        report.checks[name] = { status, duration_ms: Math.round(performance.now() - startedAt) };
      }),
    );
    return report;
  }

  return {
    addLiveness: (name, check) => void liveness.set(name, check),
    addReadiness: (name, check) => void readiness.set(name, check),
    setStopping: () => {
      stopping = true;
    },
    liveness: () => run(liveness),
    readiness: async () => (stopping ? { status: 'stopping', checks: {} } : run(readiness)),
  };
}

async function withTimeout(check: HealthCheck, timeoutMs: number): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([Promise.resolve().then(check), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
