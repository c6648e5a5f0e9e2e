import { between, type Random } from "#lib/engine/tiny/random.ts";

type Format = { draw(random: Random): string; matches: RegExp };

const two = (value: number): string => String(value).padStart(2, "0");
const day = (random: Random): string =>
  `${between(random, 2000, 2030)}-${two(between(random, 1, 12))}-${two(between(random, 1, 28))}`;
const time = (random: Random): string =>
  `${two(between(random, 0, 23))}:${two(between(random, 0, 59))}:${two(between(random, 0, 59))}Z`;
const hex = (random: Random, length: number): string =>
  Array.from({ length }, () => between(random, 0, 15).toString(16)).join("");

const dayShape = "\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\\d|2[0-8])";
const octet = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const timeShape = "(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,9})?(?:Z|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)";

/** Formats it can write. The expressions are strict rather than complete, and none of them backtracks. */
export const formats: Record<string, Format> = {
  date: { draw: day, matches: new RegExp(`^${dayShape}$`) },
  time: { draw: time, matches: new RegExp(`^${timeShape}$`) },
  "date-time": {
    draw: (random) => `${day(random)}T${time(random)}`,
    matches: new RegExp(`^${dayShape}T${timeShape}$`),
  },
  email: {
    draw: (random) => `person${between(random, 1, 99)}@example.com`,
    matches: /^[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}$/i,
  },
  uri: {
    draw: (random) => `https://example.com/${between(random, 1, 99)}`,
    matches: /^https?:\/\/[a-z0-9.-]+(?:\/[\w./-]*)?$/i,
  },
  uuid: {
    draw: (random) => `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-a${hex(random, 3)}-${hex(random, 12)}`,
    matches: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  },
  ipv4: { draw: (random) => `192.0.2.${between(random, 1, 254)}`, matches: new RegExp(`^(?:${octet}\\.){3}${octet}$`) },
};
