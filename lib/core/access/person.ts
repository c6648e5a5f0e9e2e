import type { Id } from "#db/id.ts";
import { AppError } from "#lib/core/errors.ts";
import type { Actor } from "./actor.ts";

export const sessionDays = 14;
export const confirmationMinutes = 24 * 60;
export const resetMinutes = 60;

type Person = { id: Id<"user">; name: string; email: string; sessionId: Id<"session"> };

/** The signed-in person behind an actor; keys, jobs and visitors have no account of their own. */
export function personOf(actor: Actor): Person {
  if (actor.kind === "user" || actor.kind === "staff") return actor;
  throw new AppError("unauthenticated", "Sign in to continue.");
}

/** What an identity provider says of a person who signed in there. */
export type Profile = {
  issuer: string;
  subject: string;
  email: string | null;
  emailVerified: boolean;
  name: string | null;
};

type Known = { confirmed: boolean } | undefined;
export type Linking = "create" | "link" | "take-over" | "refuse";

/**
 * What to do with a first sign-in through a provider. Only an address the provider has confirmed says who a person is.
 * An account no one confirmed may have been opened by a stranger, so its password goes.
 */
export function linking({ email, emailVerified }: Pick<Profile, "email" | "emailVerified">, account: Known): Linking {
  if (!email || !emailVerified) return "refuse";
  if (!account) return "create";
  return account.confirmed ? "link" : "take-over";
}

/** Waits until a fixed time has passed, so that how long an answer takes does not tell whether an account exists. */
export async function evenly<T>(minimumMs: number, work: () => Promise<T>): Promise<T> {
  const floor = new Promise((resolve) => setTimeout(resolve, minimumMs));
  try {
    return await work();
  } finally {
    await floor;
  }
}
