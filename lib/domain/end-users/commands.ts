import { eq, sql } from "drizzle-orm";
import { organizations } from "#db/schema/organizations.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { issueReceipt } from "#lib/domain/retention/receipts/commands.ts";
import { endUsersInput, forgetInput } from "./input.ts";
import { endUserCode, isEndUserCode, spellingsOf } from "./rules.ts";

const clause = "T-4.2.1-EU";

/** Sets what is kept of end users from now on; every process knows in under a second. */
export const setEndUserMode = command({
  can: "organization.write",
  within: "organization",
  input: endUsersInput,
  run: (ctx, { mode }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const here = eq(organizations.id, ctx.organizationId);
      const [before] = await ctx.db
        .select({ mode: organizations.endUsers })
        .from(organizations)
        .where(here)
        .for("update");
      if (!before) throw new AppError("not_found", "This organization is gone.");
      if (before.mode === mode) return;
      await ctx.db.update(organizations).set({ endUsers: mode }).where(here);
      await writeAudit(ctx, {
        action: "organization.change-end-users",
        object: { type: "organization", id: ctx.organizationId },
        before,
        after: { mode },
        clause,
      });
    }),
});

export type Forgotten = { requests: number; receipt: string | null };

/**
 * Takes the name of an end user, or the code that stands for it, off everything that usage knows of them, and gives a signed
 * receipt. What they used stays in all other figures. Nothing known is no error: then there is no receipt either.
 */
export const forgetEndUser = command({
  can: "organization.write",
  within: "organization",
  input: forgetInput,
  run: (ctx, { end_user: name }): Promise<Forgotten> =>
    transaction(ctx, async (ctx) => {
      const { requests, oldest, newest } = await clear(ctx, spellingsOf(ctx.organizationId, name));
      if (requests === 0) return { requests, receipt: null };
      // A receipt with the name on it would be the one place that still knows it.
      const code = isEndUserCode(name) ? name : endUserCode(ctx.organizationId, name);
      const receipt = await issueReceipt(ctx, {
        cause: "own",
        clause,
        workspaceId: null,
        targets: [{ kind: "end user", id: code }],
        removed: [{ class: "request-log", items: requests, bytes: 0, oldest, newest }],
      });
      await writeAudit(ctx, {
        action: "end-user.forget",
        object: { type: "organization", id: ctx.organizationId },
        after: { endUser: code, requests, receipt },
        clause,
      });
      return { requests, receipt };
    }),
});

type Cleared = { requests: number; oldest: Date | null; newest: Date | null };

async function clear({ db, organizationId }: OrganizationContext, names: string[]): Promise<Cleared> {
  const [row] = await db.execute<{ events: number; oldest_ms: number | null; newest_ms: number | null }>(
    sql`select * from forget_end_user(${organizationId}, array(select json_array_elements_text(${JSON.stringify(names)}::text::json)))`,
  );
  const instant = (ms: number | null | undefined): Date | null => (ms == null ? null : new Date(ms));
  return { requests: row?.events ?? 0, oldest: instant(row?.oldest_ms), newest: instant(row?.newest_ms) };
}
