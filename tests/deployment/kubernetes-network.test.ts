import { BlockList, isIPv6 } from 'node:net';
import { ofKind, renderBase } from './kubernetes-base.ts';
import { type NetworkPolicy, networkPolicy } from './manifests.ts';

const policies = ofKind(renderBase(), 'NetworkPolicy').map((one) => networkPolicy.parse(one));

function policy(name: string): NetworkPolicy {
  const found = policies.find((one) => one.metadata.name === name);
  if (found === undefined) throw new Error(`no NetworkPolicy ${name}`);
  return found;
}

/** What the policy lets a pod reach: inside a block and outside of its exceptions. */
function reaches(address: string): boolean {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  const blocks = policy('public-addresses').spec.egress.flatMap(({ to }) => to ?? []);
  return blocks.some(({ ipBlock }) => {
    if (ipBlock === undefined) return false;
    return contains([ipBlock.cidr], address, family) && !contains(ipBlock.except, address, family);
  });
}

function contains(ranges: readonly string[], address: string, family: 'ipv4' | 'ipv6'): boolean {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', prefix] = range.split('/');
    list.addSubnet(network, Number(prefix), isIPv6(network) ? 'ipv6' : 'ipv4');
  }
  return list.check(address, family);
}

describe('Kubernetes base: network', () => {
  it('lets nothing in or out unless a policy says so', () => {
    expect(policy('deny-all').spec).toEqual({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      ingress: [],
      egress: [],
    });
  });

  it('lets callers reach ingress and the subscription service, never the dispatcher', () => {
    expect(policy('callers').spec).toMatchObject({
      podSelector: { matchExpressions: [{ values: ['ingress', 'subscriptions'] }] },
      ingress: [{ ports: [{ protocol: 'TCP', port: 'http' }] }],
    });
    const open = policies.filter(({ spec }) => spec.ingress.some(({ from }) => from === undefined));
    expect(open.map(({ metadata }) => metadata.name)).toEqual(['callers']);
  });

  it('lets only the monitoring read metrics', () => {
    const [rule] = policy('metrics').spec.ingress;
    expect(rule?.ports).toEqual([{ protocol: 'TCP', port: 'metrics' }]);
    expect(rule?.from).toHaveLength(1);
  });

  it.each([
    '0.0.0.1',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.0.2.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'ff02::1',
    '2001::1',
    '2001:db8::1',
    '2002:a00:1::1',
    '3fff::1',
  ])('keeps the services from %s', (address) => {
    expect(reaches(address)).toBe(false);
  });

  it.each(['8.8.8.8', '172.15.0.1', '172.32.0.1', '192.169.0.1', '2606:4700::1111', '2a00:1450:4001::1'])(
    'lets them reach %s',
    (address) => {
      expect(reaches(address)).toBe(true);
    },
  );

  it('opens, besides names and stores, the ports that production URLs may have', () => {
    const ports = policies.flatMap(({ spec }) => spec.egress.flatMap((rule) => rule.ports.map(({ port }) => port)));
    expect([...new Set(ports)].sort()).toEqual([27017, 443, 53, 6379, 8443]);
  });
});
