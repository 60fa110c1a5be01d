import type { AddressGuard } from '../address/address-guard.ts';
import { DNS_BUDGET_MS } from './dns-budget.ts';
import type { Resolver } from './resolver.ts';

/** More addresses than this are not dialled: a name with a thousand of them would make us a port scanner. */
const MAX_DIALLED = 8;

/** The addresses that may be dialled, or why none may. */
export type VettedAddresses =
  | { kind: 'vetted'; addresses: readonly string[] }
  | { kind: 'forbidden' }
  | { kind: 'unresolved' };

/**
 * Resolves a name and vets every answer: one forbidden address refuses the name, because an honest receiver has none.
 * Errors, an empty answer and a resolver that exceeds the budget are all `unresolved`. Never throws.
 */
export async function vettedAddresses(
  hostname: string,
  resolver: Resolver,
  guard: AddressGuard,
  budgetMs: number = DNS_BUDGET_MS,
): Promise<VettedAddresses> {
  const addresses = await resolveWithin(hostname, resolver, budgetMs);
  if (addresses.length === 0) return { kind: 'unresolved' };
  if (!addresses.every((address) => guard.admits(address))) return { kind: 'forbidden' };
  return { kind: 'vetted', addresses: addresses.slice(0, MAX_DIALLED) };
}

async function resolveWithin(hostname: string, resolver: Resolver, budgetMs: number): Promise<string[]> {
  const budget = Promise.withResolvers<[]>();
  const timer = setTimeout(() => budget.resolve([]), budgetMs);
  timer.unref();
  try {
    const answers = await Promise.race([resolver.resolve(hostname), budget.promise]);
    return answers.map(({ address }) => address);
  } catch {
    return [];
  } finally {
    clearTimeout(timer);
  }
}
