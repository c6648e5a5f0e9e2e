import { BlockList, isIP } from "node:net";

/** Whether a text is an address or a range, such as `203.0.113.0/24`. */
export function isRange(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

/** A list of addresses and ranges; throws at what is neither. */
export function addressList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    if (!isRange(range)) throw new Error(`${range} is no range`);
    const [address = "", bits] = range.split("/");
    const version = isIP(address);
    list.addSubnet(address, Number(bits ?? (version === 4 ? 32 : 128)), version === 4 ? "ipv4" : "ipv6");
  }
  return list;
}

/** Whether an address is in a list; never by another spelling of it. */
export function isIn(list: BlockList, address: string): boolean {
  const version = isIP(address);
  if (version === 4) return list.check(address, "ipv4");
  return version === 6 && !/^::ffff:/i.test(address) && list.check(address, "ipv6");
}

/** What is not the public internet in IPv4, and one address within it that a cloud gives its machines only. */
const closed4 = addressList([
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "168.63.129.16",
]);

/**
 * In IPv6 only what is given out to the public is open; all else (loopback, link-local, unique local, multicast, mapped
 * IPv4, NAT64) is outside of it. Within it are tunnels that carry IPv4, protocols, and addresses for books.
 */
const open6 = addressList(["2000::/3"]);
const closed6 = addressList(["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]);

/** Whether anyone on the internet could have this address. */
export function isPublic(address: string): boolean {
  const bare = address.replace(/%.*$/, "");
  if (isIP(bare) === 4) return !isIn(closed4, bare);
  return isIn(open6, bare) && !isIn(closed6, bare);
}

const partsOf = (text: string): string[] =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

/** Ranges an operator opens beside the public internet, as "10.20.0.0/16, fd00:1::/32"; throws at what is none. */
export const rangesOf = (text: string): BlockList => addressList(partsOf(text));
export const areRanges = (text: string): boolean => partsOf(text).every(isRange);
