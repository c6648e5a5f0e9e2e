import { timingSafeEqual } from "node:crypto";
import { cookies, headers } from "next/headers";
import { type Id, isId, newId } from "#db/id.ts";
import { type Reach, tenantDb } from "#db/tenant.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import { anonymousPermissions } from "#lib/core/access/roles.ts";
import { addressOf } from "#lib/core/addresses.ts";
import { now } from "#lib/core/clock.ts";
import { type AccountContext, acrossTenants, actingAs, type Origin } from "#lib/core/context.ts";
import { type CookieName, cookieFlags, cookieName } from "#lib/core/cookies.ts";
import { env } from "#lib/core/env.ts";
import { keyedHash } from "#lib/core/secrets.ts";
import { deviceDays } from "#lib/domain/account/devices/rules.ts";
import { type Site, siteOf } from "#lib/domain/account/passkeys/rules.ts";
import { pendingMinutes } from "#lib/domain/account/pending/rules.ts";
import type { LiveSession } from "#lib/domain/account/sessions/queries.ts";

const agentLengthMax = 400;

/** Our front process replaces whatever forwarding header a client sends. */
function originOf(sent: Headers): Origin {
  const address = addressOf(sent.get("x-forwarded-for") ?? "") ?? "unknown";
  const agent = sent.get("user-agent")?.trim() || "unknown";
  return { address, agent: agent.slice(0, agentLengthMax) };
}

const visitor: Actor = {
  kind: "anonymous",
  id: "anonymous",
  name: "Visitor",
  permissions: new Set(anonymousPermissions),
};

/** Before anyone is known, no organization's rows are there; `reach` says whose are. */
export const visitorContext = async (reach: Reach = {}): Promise<AccountContext> =>
  acrossTenants({ db: tenantDb(reach), now: now(), actor: visitor, origin: originOf(await headers()) });

/** Everyone may do what visitors may, so that a letter's link works in a browser that is signed in already. */
export async function personContext({
  user,
  sessionId,
}: Pick<LiveSession, "user" | "sessionId">): Promise<AccountContext> {
  const permissions = new Set([...anonymousPermissions, "account.manage" as const]);
  return actingAs(await visitorContext({ userId: user.id }), { kind: "user", ...user, sessionId, permissions });
}

/** Where this browser believes to be, which is what its passkeys are good for. */
export async function site(): Promise<Site> {
  const sent = await headers();
  const host = sent.get("x-forwarded-host") ?? sent.get("host") ?? "localhost";
  return siteOf(env().PUBLIC_URL, sent.get("x-forwarded-proto") ?? "http", host);
}

/** Whether browsers reach us over https, so that cookies may insist on it. */
export const isSecure = (): boolean => env().PUBLIC_URL?.startsWith("https:") ?? false;

async function cookie(name: CookieName): Promise<string | undefined> {
  return (await cookies()).get(cookieName(name, isSecure()))?.value;
}

async function setCookie(name: CookieName, value: string, maxAgeSeconds: number): Promise<void> {
  (await cookies()).set(cookieName(name, isSecure()), value, cookieFlags(isSecure(), maxAgeSeconds));
}

/** Which browser this is: by a signed cookie, made at the first sign-up or sign-in and not by an address that others share. */
export async function thisDevice(): Promise<Id<"device">> {
  const id = (await knownDevice()) ?? newId("device", now());
  await setCookie("device", `${id}.${signature(id)}`, deviceDays * 86_400);
  return id;
}

/** The same for a page, which can make no cookie. */
export const knownDevice = async (): Promise<Id<"device"> | undefined> => readDevice(await cookie("device"));

const signature = (id: string): string => keyedHash(`device:${id}`);

function readDevice(value: string | undefined): Id<"device"> | undefined {
  const [id = "", signed = ""] = value?.split(".") ?? [];
  if (!isId("device", id)) return undefined;
  const [given, right] = [Buffer.from(signed), Buffer.from(signature(id))];
  return given.length === right.length && timingSafeEqual(given, right) ? id : undefined;
}

/** What this browser holds while it still owes the second factor. */
export const pendingSecret = async (): Promise<string> => (await cookie("pending")) ?? "";
export const keepPending = (secret: string): Promise<void> => setCookie("pending", secret, pendingMinutes * 60);

export async function dropPending(): Promise<void> {
  if (await cookie("pending")) await setCookie("pending", "", 0);
}
