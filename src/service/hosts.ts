import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { isLoopback } from './proxy.ts';

/** Addresses that lead to this machine or its own network, and never to a store of pictures. Source: RFC 6890. */
const near = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  near.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  near.addSubnet(network, bits, 'ipv6');

/**
 * True for an address on this machine or in its own network, such as a router or the metadata of a cloud machine, as far as
 * the address itself tells it. Names are not looked up: behind a proxy only the proxy could.
 */
export function isNear(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIPv4(host)) return near.check(host, 'ipv4');
  if (isIPv6(host)) return near.check(host, 'ipv6');
  return isLoopback(url);
}
