import { findConnector } from '../registry.ts';
import { describeAuthenticity } from './authenticity-contract.ts';
import type { ContractSubject } from './contract-subject.ts';
import { describeMapping } from './mapping-contract.ts';
import { describeParsing } from './parsing-contract.ts';

/** Declares what every connector keeps to. Called in the test file of each. */
export function describeConnector<Credential, Settings>(subject: ContractSubject<Credential, Settings>): void {
  const { connector } = subject;

  describe(`connector ${connector.name}`, () => {
    it('is registered under its name', () => {
      expect(findConnector(connector.name)?.title).toBe(connector.title);
    });

    it('accepts its own credentials and settings, and no unknown field', () => {
      const { current } = subject.credentials;
      expect(connector.credentialSchema.parse(current)).toEqual(current);
      expect(connector.settingsSchema.parse({})).toEqual(subject.settings);
      expect(connector.credentialSchema.safeParse({ ...current, unknown: 1 }).success).toBe(false);
      expect(connector.settingsSchema.safeParse({ unknown: 1 }).success).toBe(false);
    });

    it('has credentials of nobody, valid and never the same', () => {
      const decoys = [connector.decoyCredential(), connector.decoyCredential()];
      expect(decoys.map((decoy) => connector.credentialSchema.parse(decoy))).toEqual(decoys);
      expect(decoys[0]).not.toEqual(decoys[1]);
    });

    it('acknowledges with a success and tells how to set it up', () => {
      expect(Math.floor(connector.acknowledgement.status / 100)).toBe(2);
      expect(connector.guide.length).toBeGreaterThan(2);
    });

    describeAuthenticity(subject);
    describeParsing(subject);
    describeMapping(subject);
  });
}
