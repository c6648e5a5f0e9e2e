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

/**
 * The address in one entry of a forwarding header, in its one normal form, or null. Proxies write it bare, quoted, in
 * brackets, with a port, with a zone, or as IPv4 inside IPv6; "unknown" and hidden names are none.
 */
export function addressOf(entry: string): string | null {
  const bare = entry
    .trim()
    .replace(/^"(.*)"$/, "$1")
    .trim();
  const bracketed = /^\[([^\]]*)\](?::(?:\d{1,5}|_[\w.-]+))?$/.exec(bare)?.[1];
  const withPort = /^(\d{1,3}(?:\.\d{1,3}){3}):(?:\d{1,5}|_[\w.-]+)$/.exec(bare)?.[1];
  const address = (bracketed ?? withPort ?? bare).replace(/%.*$/, "");
  const version = isIP(address);
  if (version !== 6) return version === 4 && bracketed === undefined ? address : null;
  const normal = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(normal);
  if (!mapped) return normal;
  return mapped
    .slice(1)
    .map((group) => Number.parseInt(group, 16))
    .flatMap((group) => [group >> 8, group & 255])
    .join(".");
}

/** Splits at a sign, but not within quotes. */
function splitOutside(text: string, sign: "," | ";"): string[] {
  return text.match(new RegExp(`(?:"(?:\\\\.|[^"\\\\])*"|[^"${sign}])+`, "g")) ?? [];
}

/** The `for` of each hop in a `Forwarded` header (RFC 7239), the nearest last; a hop that names none is empty. */
function hopsOf(header: string): string[] {
  return splitOutside(header, ",").map((hop) => {
    const pairs = splitOutside(hop, ";").map((pair) => pair.trim());
    const named = pairs.find((pair) => /^for\s*=/i.test(pair)) ?? "";
    return named.replace(/^for\s*=\s*/i, "").replace(/\\(.)/g, "$1");
  });
}

type Forwarding = { forwardedFor: string | undefined; forwarded: string | undefined };

/**
 * The address the outermost of our own proxies saw, by `X-Forwarded-For` or, where there is none, by `Forwarded`. Null where
 * the header has fewer entries than we have proxies, or that entry is no address.
 */
export function forwardedAddress({ forwardedFor, forwarded }: Forwarding, proxies: number): string | null {
  if (proxies === 0) return null;
  const hops = forwardedFor?.trim()
    ? forwardedFor.split(",").filter((hop) => hop.trim() !== "")
    : hopsOf(forwarded ?? "");
  const hop = hops.at(-proxies);
  return hop === undefined ? null : addressOf(hop);
}
