import { admitsPrivateRanges, type OutboundPolicy } from '../policy.ts';
import {
  isMetadataAddress,
  isMetadataInDisguise,
  isPublicAddress,
  parseAddress,
  ranges,
  within,
} from './public-address.ts';

/** Decides by the number, never by the spelling, whether an address may be connected to. */
export interface AddressGuard {
  /** False for everything that is not a plainly spelled, admitted address. Never throws. */
  admits(address: string): boolean;
}

/** Throws a TypeError when `allowedPrivateRanges` holds something that is no CIDR block, in every environment. */
export function createAddressGuard(policy: OutboundPolicy): AddressGuard {
  const operatorRanges = ranges(policy.allowedPrivateRanges);
  const admittedRanges = admitsPrivateRanges(policy) ? operatorRanges : [];
  return {
    admits(text) {
      const address = parseAddress(text);
      if (address === null) return false;
      if (isPublicAddress(address)) return true;
      return within(address, admittedRanges) && !isMetadataAddress(address) && !isMetadataInDisguise(address);
    },
  };
}
