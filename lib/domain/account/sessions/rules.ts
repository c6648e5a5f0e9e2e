import { addMinutes } from "#lib/core/clock.ts";

type Session = { expiresAt: Date; revokedAt: Date | null };

export const isLive = ({ expiresAt, revokedAt }: Session, now: Date): boolean => revokedAt === null && expiresAt > now;

/** The time of last use is kept to the minute: once a minute is enough to recognize a browser by. */
export const isSeenLongAgo = (seenAt: Date, now: Date): boolean => seenAt <= addMinutes(now, -1);

// The order matters: most browsers also claim to be the ones they descend from.
const browsers: [RegExp, string][] = [
  [/Edg(e|A|iOS)?\//, "Edge"],
  [/OPR\/|Opera/, "Opera"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/SamsungBrowser\//, "Samsung Internet"],
  [/Chrom(e|ium)\/|CriOS\//, "Chrome"],
  [/Safari\//, "Safari"],
];

const systems: [RegExp, string][] = [
  [/iPhone|iPad|iPod/, "iOS"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/CrOS/, "ChromeOS"],
  [/Mac OS X|Macintosh/, "macOS"],
  [/Linux|X11/, "Linux"],
];

/** A browser as its owner would call it, such as "Firefox on Linux". */
export function describeAgent(agent: string): string {
  const browser = browsers.find(([pattern]) => pattern.test(agent))?.[1];
  const system = systems.find(([pattern]) => pattern.test(agent))?.[1];
  if (!browser && !system) return "Unknown browser";
  return system ? `${browser ?? "Browser"} on ${system}` : (browser ?? "Browser");
}
