import type { Actor } from '@owngateway/service-kit';
import type { TenantScope } from '@owngateway/store';

/** Who asks, whose data that reaches, and from where: what every use case takes first. */
export interface Caller {
  actor: Actor;
  scope: TenantScope;
  requestId: string;
  ip: string | null;
}
