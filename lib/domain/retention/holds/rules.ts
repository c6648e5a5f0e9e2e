import { heldClasses } from "#db/schema/holds.ts";
import { addDays, dayOf } from "#lib/core/clock.ts";
import type { Hold } from "./view.ts";

/** A hold that no one looks at again would last for ever. */
export const mostReviewDays = 90;

/** Classes that a hold can keep. */
export const holdable = heldClasses;

export const groundWords = {
  court: "Order of a court",
  authority: "Order of an authority",
  litigation: "Litigation",
} as const satisfies Record<Hold["ground"], string>;

/** Whether a day can be the one by which staff look again. */
export const isReviewDay = (day: string, now: Date): boolean =>
  day > dayOf(now) && day <= dayOf(addDays(now, mostReviewDays));

/** Whether the law forbids to tell the customer of it. */
export const isGagged = ({ gagUntil, endedAt }: Pick<Hold, "gagUntil" | "endedAt">, now: Date): boolean =>
  endedAt === null && gagUntil !== null && gagUntil > now;
