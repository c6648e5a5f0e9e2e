/** How often something may be tried, by which person, in how many minutes. */
export const attemptLimits = {
  "sign-in:account": { max: 10, minutes: 15 },
  // A browser that was let in before is counted apart, so that a stranger's wrong tries do not lock its owner out.
  "sign-in:device": { max: 10, minutes: 15 },
  "sign-in:address": { max: 50, minutes: 15 },
  "password-change:account": { max: 10, minutes: 15 },
  "second-factor:account": { max: 10, minutes: 15 },
  // Guessing six digits at the pace of the line above takes months; at this one, decades.
  "second-factor-day:account": { max: 30, minutes: 1440 },
  // Apart from the codes of apps, so that the person who guesses at those does not lock out a person who lost their device.
  "recovery:account": { max: 10, minutes: 60 },
  "step-up:account": { max: 10, minutes: 15 },
  "enrolment:account": { max: 20, minutes: 60 },
  "passkey:address": { max: 100, minutes: 15 },
  "domain-check:organization": { max: 30, minutes: 60 },
  "found:account": { max: 5, minutes: 1440 },
  "sign-up:address": { max: 20, minutes: 60 },
  "letter:account": { max: 5, minutes: 60 },
  "letter:address": { max: 20, minutes: 60 },
  "token:address": { max: 50, minutes: 15 },
  "report:address": { max: 5, minutes: 60 },
  "verify:address": { max: 30, minutes: 15 },
} as const satisfies Record<string, { max: number; minutes: number }>;

export type AttemptKind = keyof typeof attemptLimits;

/** What counts as one address: an IPv6 customer holds a whole /64 and could try from each of its addresses. */
export function addressBlock(address: string): string {
  const bare = address
    .replace(/^\[|\]$/g, "")
    .replace(/%.*$/, "")
    .toLowerCase();
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(bare)?.[1];
  if (mapped || !bare.includes(":")) return mapped ?? bare;
  const [head = "", tail = ""] = bare.split("::");
  const left = head ? head.split(":") : [];
  const right = tail ? tail.split(":") : [];
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => "0");
  const groups = [...left, ...(bare.includes("::") ? zeros : []), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":")}::/64`;
}
