import { and, eq } from "drizzle-orm";
import { tuningJobs } from "#db/schema/tuning.ts";
import { part } from "#lib/core/command.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { type LastingKey, lastingKey, newLastingKey } from "#lib/core/keyring/lasting.ts";
import type { Job } from "#lib/domain/fine-tuning/rules.ts";

/** The key that all of a job's content is sealed under; made when it is first needed, under the job's lock. */
export const jobKey = part(async (ctx: AccountContext, { organizationId, id, key }: Job): Promise<LastingKey> => {
  if (key) return lastingKey(key, id);
  const made = await newLastingKey(id);
  await ctx.db
    .update(tuningJobs)
    .set({ key: made.wrapped })
    .where(and(eq(tuningJobs.organizationId, organizationId), eq(tuningJobs.id, id)));
  return made;
});
