import type { TenantScope } from '@owngateway/store';
import { admitsOwner } from './admits-owner.ts';

const merchant = (id: string) => ({ level: 'merchant', id }) as const;
const reseller = (id: string) => ({ level: 'reseller', id }) as const;
const portfolio = (id: string) => ({ level: 'portfolio', id }) as const;

const OF_MERCHANT: TenantScope = merchant('a');
const OF_RESELLER: TenantScope = { ...reseller('a'), merchantIds: ['below'] };

test.each([
  ['an operator', { level: 'operator' } as const, merchant('x'), true],
  ['an operator', { level: 'operator' } as const, reseller('x'), true],
  ['a merchant', OF_MERCHANT, merchant('a'), true],
  ['a merchant', OF_MERCHANT, merchant('b'), false],
  ['a merchant of the same name', OF_MERCHANT, reseller('a'), false],
  ['a reseller', OF_RESELLER, reseller('a'), true],
  ['a reseller', OF_RESELLER, reseller('b'), false],
  ['a reseller', OF_RESELLER, merchant('below'), true],
  ['a reseller', OF_RESELLER, merchant('elsewhere'), false],
  ['a reseller of the same name', OF_RESELLER, merchant('a'), false],
  ['a reseller of the same name', OF_RESELLER, portfolio('a'), false],
])('%s %j acting for %j: %s', (_who, scope, owner, admitted) => {
  expect(admitsOwner(scope, owner)).toBe(admitted);
});
