import { redirect } from "next/navigation";
import type { AccountContext } from "#lib/context.ts";
import { accountContext } from "#lib/session.ts";

/** For pages that make no sense to somebody who is signed in. */
export async function visitor(): Promise<AccountContext> {
  const ctx = await accountContext();
  if (ctx.actor.kind !== "anonymous") redirect("/");
  return ctx;
}
