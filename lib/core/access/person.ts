import type { Id } from "#db/id.ts";
import { AppError } from "#lib/core/errors.ts";
import type { Actor } from "./actor.ts";

export const sessionDays = 14;
export const confirmationMinutes = 24 * 60;
export const resetMinutes = 60;
export const undoEmailDays = 14;

type Person = { id: Id<"user">; name: string; email: string; sessionId: Id<"session"> };

/** The signed-in person behind an actor; keys, jobs and visitors have no account of their own. */
export function personOf(actor: Actor): Person {
  if (actor.kind === "user" || actor.kind === "staff") return actor;
  throw new AppError("unauthenticated", "Sign in to continue.");
}

/** The member an act counts for: the person who does it, or whose key a program has. */
export function memberBehind(actor: Actor): Id<"user"> {
  if (actor.kind === "user") return actor.id;
  if (actor.kind === "key") return actor.ownerId;
  throw new AppError("forbidden", "Only a member of the organization, or a key of theirs, can do this.");
}

/** The same, or null for a guest, who has no account. */
export const memberOrGuest = (actor: Actor): Id<"user"> | null =>
  actor.kind === "anonymous" ? null : memberBehind(actor);

/** What an identity provider says of a person who signed in there. */
export type Profile = {
  issuer: string;
  subject: string;
  email: string | null;
  emailVerified: boolean;
  name: string | null;
};

/** What the provider's token or its userinfo endpoint says. */
export type Claims = {
  sub?: unknown;
  email?: unknown;
  email_verified?: unknown;
  name?: unknown;
  auth_time?: unknown;
};

const text = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

/**
 * Both things a provider says of a person, as one. They must be of one person; an address counts as confirmed where one of
 * them says so, neither says otherwise, and both mean the same address.
 */
export function profileOf(issuer: string, token: Claims, userinfo: Claims): Profile | null {
  const both = [token, userinfo];
  const subjects = new Set(both.flatMap(({ sub }) => (sub === undefined ? [] : [sub])));
  const [subject] = subjects;
  if (subjects.size !== 1 || typeof subject !== "string" || subject === "") return null;
  const addresses = new Set(both.flatMap(({ email }) => text(email) ?? []));
  const said = both.flatMap(({ email_verified: is }) => (is === undefined || is === null ? [] : [is]));
  return {
    issuer,
    subject,
    email: text(userinfo.email) ?? text(token.email),
    emailVerified: addresses.size === 1 && said.length > 0 && said.every((is) => is === true),
    name: text(userinfo.name) ?? text(token.name),
  };
}

/**
 * When the provider itself last asked who a person is, by its signed token. Without a time, or with one its clock cannot
 * know yet, nothing was shown: what asks for a recent sign-in refuses.
 */
export function provenAtProvider({ auth_time: seconds }: Claims, now: Date): Date {
  const at = typeof seconds === "number" && Number.isSafeInteger(seconds) && seconds > 0 ? seconds * 1000 : 0;
  return new Date(at > now.getTime() + providerSkewMs ? 0 : Math.min(at, now.getTime()));
}

const providerSkewMs = 60_000;

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
