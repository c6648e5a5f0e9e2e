import { gzipSync } from "node:zlib";
import type { Id } from "#db/id.ts";
import { fileReports } from "#db/schema/files.ts";
import { part } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { sealLastingBytes } from "#lib/core/keyring/lasting.ts";
import { blobOf, contentKey } from "#lib/domain/files/contents/commands.ts";
import type { CheckReport } from "#lib/engine/datasets/checker.ts";
import { reportLabel } from "./rules.ts";

/** Keeps what looking through a file found, under the key of its content: it goes with that. */
export const keepReport = part(async (ctx: Context, fileId: Id<"file">, check: CheckReport): Promise<void> => {
  const { organizationId } = ctx;
  const key = await contentKey(ctx, await blobOf(ctx, { organizationId, fileId }));
  const report = sealLastingBytes(key, gzipSync(JSON.stringify(check)), reportLabel(fileId));
  await ctx.db.insert(fileReports).values({ organizationId, fileId, report }).onConflictDoNothing();
});
