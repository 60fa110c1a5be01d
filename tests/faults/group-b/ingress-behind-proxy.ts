import type { Replica, World } from '../../e2e/open-world.ts';
import type { ConnectedAccount } from '../../parties/onboarding.ts';
import { type FaultProxy, startFaultProxy } from '../fault-proxy.ts';

/** A second ingress whose way to MongoDB can be spoilt. */
export interface IngressBehindProxy {
  readonly proxy: FaultProxy;
  readonly ingress: Replica;
  /** The same account, at this ingress. */
  at(account: ConnectedAccount): ConnectedAccount;
}

export async function addIngressBehindProxy(
  world: World,
  onEnd: (end: () => unknown) => void,
): Promise<IngressBehindProxy> {
  const proxy = await startFaultProxy(world.stack.stores.mongo.url);
  onEnd(() => proxy.close());
  const ingress = await world.addReplica('ingress', { MONGO_URL: proxy.url });
  const at = (account: ConnectedAccount) => ({
    ...account,
    url: account.url.replace(world.stack.ingressUrl, ingress.url),
  });
  return { proxy, ingress, at };
}
