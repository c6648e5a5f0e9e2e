import { addDays } from "#lib/core/clock.ts";
import type { LetterStatus } from "#lib/domain/notices/view.ts";

/** A letter of a notice, as far as it decides when the notice counts as given. */
export type Sending = { state: LetterStatus; createdAt: Date; sentAt: Date | null; bouncedAt: Date | null };

/** A letter that comes back within so many days never arrived. */
const bounceDays = 7;

export const countsAsBounced = (sentAt: Date, bouncedAt: Date): boolean => bouncedAt <= addDays(sentAt, bounceDays);

/** When a letter counts as given: once the mail server took it, and where there is none, once it was written. */
function takenAt({ state, createdAt, sentAt, bouncedAt }: Sending): Date | null {
  if (state === "kept") return createdAt;
  if (!sentAt) return null;
  return bouncedAt && countsAsBounced(sentAt, bouncedAt) ? null : sentAt;
}

/** `under way`: not before the mail server has answered; `lost`: no letter of it arrived. */
export type Delivery = Date | "under way" | "lost";

/**
 * T-4.2.1-DISC3: a notice is given with the letter to the registration contact, which is the first; where that was refused
 * or came back, with the earliest other one that was taken.
 */
export function deliveryOf([contact, ...others]: readonly Sending[]): Delivery {
  if (!contact) return "lost";
  const taken = takenAt(contact);
  if (taken) return taken;
  if (contact.state === "queued") return "under way";
  const instants = others.map(takenAt).filter((at) => at !== null);
  if (instants.length > 0) return new Date(Math.min(...instants.map((at) => at.getTime())));
  return others.some(({ state }) => state === "queued") ? "under way" : "lost";
}

/** So many customers are written to, or looked at, in one transaction or page. */
export const together = 200;
