import { sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { part } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { post } from "#lib/core/mail/post.ts";
import { quotaLetter } from "#lib/domain/files/letters.ts";
import { membersIn } from "#lib/domain/members/queries.ts";
import { fileUse } from "./queries.ts";
import { type FileUse, isOver, stepCrossed } from "./rules.ts";

/** Refuses a file that the contract has no room for. */
export const demandRoom = part(async (ctx: Context, bytes: number): Promise<FileUse> => {
  const use = await fileUse(ctx);
  const over = isOver(use, bytes);
  if (over) {
    const most = over === "files" ? `${use.filesMax} files` : `${use.bytesMax / 1024 ** 3} GiB of files`;
    throw new AppError("limit_reached", `Your plan keeps ${most}. Delete some, or change the plan.`, {
      code: "file_quota_reached",
      details: {
        limit: over === "files" ? use.filesMax : use.bytesMax,
        used: over === "files" ? use.files : use.bytes,
      },
    });
  }
  return use;
});

/**
 * The same in the transaction that makes the file: others of the organization wait until it ends, so together they stay
 * within the limit. Who crosses a step has the letter about it written.
 */
export const takeRoom = part(async (ctx: Context, bytes: number): Promise<void> => {
  const { organizationId, workspaceId } = ctx;
  await ctx.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`files ${organizationId}`}, 0))`);
  const before = await demandRoom(ctx, bytes);
  const after = { ...before, files: before.files + 1, bytes: before.bytes + bytes };
  const step = stepCrossed(before, after);
  if (step === null) return;
  for (const to of await adminsOf(ctx))
    await post(ctx, quotaLetter(to, { organizationId, workspaceId, step, use: after }));
});

async function adminsOf(ctx: Context): Promise<{ id: Id<"user">; email: string; name: string }[]> {
  const rows = await membersIn(ctx, ctx.workspaceId);
  return rows.filter(({ roles }) => roles.includes("organization_admin"));
}
