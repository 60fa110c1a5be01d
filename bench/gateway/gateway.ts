import type { ServiceName } from '../options.ts';

/** A store's program, as the results name it. */
export interface StoreProgram {
  readonly kind: string;
  readonly version: string | null;
}

/** A running gateway of the bench's own: the three services, MongoDB and Redis, each one process. */
export interface Gateway {
  readonly ingressUrl: string;
  readonly apiUrl: string;
  /** A token that may do everything. */
  readonly operatorToken: string;
  readonly mongo: StoreProgram;
  readonly redis: StoreProgram;
  /** Process ids by name, as they are now; `null` for what is down. */
  pids(): Readonly<Record<ServiceName | 'mongo' | 'redis', number | null>>;
  /** SIGTERM; resolves when the service has ended. It stays down until `startService`. */
  stopService(name: ServiceName): Promise<void>;
  /** Resolves when the service is ready. */
  startService(name: ServiceName): Promise<void>;
  stop(): Promise<void>;
}

/** The processes whose CPU seconds count as the product's. */
export const COUNTED = ['ingress', 'subscriptions', 'dispatcher', 'redis', 'mongo'] as const;
