import { desc, eq, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { macros } from "#db/schema/help.ts";
import { personOf } from "#lib/core/access/person.ts";
import { ofProvider, writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { retireMacroInput, saveMacroInput } from "./input.ts";
import type { Macro } from "./view.ts";

/** The newest version; of two who change one at once, the second sees what the first made of it. */
async function newest(ctx: AccountContext, id: Id<"macro">): Promise<Macro> {
  await ctx.db.execute(sql`select pg_advisory_xact_lock(hashtext(${id}))`);
  const [found] = await ctx.db.select().from(macros).where(eq(macros.id, id)).orderBy(desc(macros.version)).limit(1);
  if (!found || found.isRetired) throw new AppError("not_found", "There is no such macro.");
  return found;
}

type Written = Pick<Macro, "id" | "version" | "name" | "body" | "note" | "state" | "isRetired">;

async function write(ctx: AccountContext, macro: Written): Promise<void> {
  await ctx.db.insert(macros).values({ ...macro, createdBy: personOf(ctx.actor).id, createdAt: ctx.now });
  await writeAudit(ofProvider(ctx), {
    action: "help.macro",
    object: { type: "macro", id: macro.id },
    after: { name: macro.name, version: macro.version, state: macro.state, retired: macro.isRetired },
  });
}

/** Makes a macro, or a new version of one. */
export const saveMacro = command({
  can: "tickets.decide",
  within: "account",
  input: saveMacroInput,
  run: (ctx, { macroId, name, body, note, state }): Promise<Id<"macro">> =>
    transaction(ctx, async (ctx) => {
      const id = macroId ?? newId("macro", ctx.now);
      const version = macroId ? (await newest(ctx, macroId)).version + 1 : 1;
      await write(ctx, { id, version, name, body, note: note === "" ? null : note, state, isRetired: false });
      return id;
    }),
});

/** Takes a macro out of use; its versions stay. */
export const retireMacro = command({
  can: "tickets.decide",
  within: "account",
  input: retireMacroInput,
  run: (ctx, { macroId }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const { id, version, name, body, note, state } = await newest(ctx, macroId);
      await write(ctx, { id, version: version + 1, name, body, note, state, isRetired: true });
    }),
});
