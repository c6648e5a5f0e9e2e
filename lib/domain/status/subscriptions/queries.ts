import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { componentIds } from "#lib/domain/status/queries.ts";
import { componentName } from "#lib/domain/status/rules.ts";
import type { Component } from "#lib/domain/status/view.ts";

/** What a letter can be about: what was looked at in the last day. */
export async function subscribableComponents(ctx: AccountContext): Promise<Component[]> {
  authorize(ctx.actor, "account.open");
  return (await componentIds(ctx, "account.open")).map((id) => ({ id, name: componentName(id) }));
}
