import { ofProvider, writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { transaction } from "#lib/core/context.ts";
import { sweepOrphans } from "#lib/domain/files/contents/commands.ts";
import { sweepParts } from "#lib/domain/files/uploads/commands.ts";

/** Removes objects of the storage that no content and no upload names, once they are surely left behind. */
export const sweepStorage = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<{ objects: number; parts: number }> => {
    const removed = { objects: await sweepOrphans(ctx), parts: await sweepParts(ctx) };
    if (removed.objects + removed.parts > 0)
      await transaction(ofProvider(ctx), (ctx) =>
        writeAudit(ctx, { action: "storage.sweep", object: { type: "storage", id: "files" }, after: removed }),
      );
    return removed;
  },
});
