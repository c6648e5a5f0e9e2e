import { redirect } from "next/navigation";
import { accountContext } from "#app/doors/session.ts";
import type { AccountContext } from "#lib/core/context.ts";

/** For pages that make no sense to a person who is signed in. */
export async function visitor(): Promise<AccountContext> {
  const ctx = await accountContext();
  if (ctx.actor.kind !== "anonymous") redirect("/");
  return ctx;
}
