import { secretChecks } from "#db/schema/secrets.ts";
import { command } from "#lib/core/command.ts";
import { checkValues } from "#lib/core/secrets.ts";
import { changedSecrets } from "./queries.ts";

/** Notes the check values of secrets that have none yet, and refuses to go on with one that was changed. */
export const checkSecrets = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<void> => {
    const values = Object.entries(checkValues()).map(([name, value]) => ({ name, value, createdAt: ctx.now }));
    await ctx.db.insert(secretChecks).values(values).onConflictDoNothing();
    const lines = (await changedSecrets(ctx)).map(
      (name) => `${name} is not the one this database was made with. Set the former one.`,
    );
    if (lines.length > 0) throw new Error(lines.join("\n"));
  },
});
