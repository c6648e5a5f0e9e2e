import { secretChecks } from "#db/schema/secrets.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { checkValues } from "#lib/core/secrets.ts";

/** The names of secrets that are not those the database was made with. */
export async function changedSecrets(ctx: AccountContext): Promise<string[]> {
  authorize(ctx.actor, "system.operate");
  const values: Record<string, string> = checkValues();
  const kept = await ctx.db.select().from(secretChecks);
  return kept.filter(({ name, value }) => values[name] !== value).map(({ name }) => name);
}
