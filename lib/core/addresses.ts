import { BlockList, isIP } from "node:net";

type Range = [address: string, prefix: number];

/** What is not the public internet in IPv4, and one address within it that a cloud gives its machines only. */
const closed4: readonly Range[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
  ["168.63.129.16", 32],
];

/**
 * In IPv6 only what is given out to the public is open; all else (loopback, link-local, unique local, multicast, mapped
 * IPv4, NAT64) is outside of it. Within it are tunnels that carry IPv4, protocols, and addresses for books.
 */
const open6: Range = ["2000::", 3];
const closed6: readonly Range[] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
];

function listOf(ranges: readonly Range[], family: "ipv4" | "ipv6", list = new BlockList()): BlockList {
  for (const [address, prefix] of ranges) list.addSubnet(address, prefix, family);
  return list;
}

const refused4 = listOf(closed4, "ipv4");
const given6 = listOf([open6], "ipv6");
const refused6 = listOf(closed6, "ipv6");

/** Whether anyone on the internet could have this address. */
export function isPublic(address: string): boolean {
  const bare = address.replace(/%.*$/, "");
  if (isIP(bare) === 4) return !refused4.check(bare, "ipv4");
  return isIP(bare) === 6 && given6.check(bare, "ipv6") && !refused6.check(bare, "ipv6");
}

/** Ranges an operator opens beside the public internet, as "10.20.0.0/16, fd00:1::/32"; throws at what is none. */
export function rangesOf(text: string): BlockList {
  const list = new BlockList();
  for (const range of text.split(",").map((part) => part.trim())) {
    if (range === "") continue;
    const [address = "", prefix] = range.split("/");
    const version = isIP(address);
    const most = version === 4 ? 32 : 128;
    const bits = prefix === undefined ? most : Number(prefix);
    if (version === 0 || !Number.isInteger(bits) || bits < 0 || bits > most) throw new Error(`${range} is no range`);
    list.addSubnet(address, bits, version === 4 ? "ipv4" : "ipv6");
  }
  return list;
}

export function areRanges(text: string): boolean {
  try {
    rangesOf(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether an address is in one of the ranges an operator opened; never by another spelling of it. */
export function isIn(ranges: BlockList, address: string): boolean {
  const version = isIP(address);
  if (version === 4) return ranges.check(address, "ipv4");
  return version === 6 && !/^::ffff:/i.test(address) && ranges.check(address, "ipv6");
}
