import { type Id, newId } from "#db/id.ts";
import { files } from "#db/schema/files.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { part } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { keepBlob } from "#lib/domain/files/blobs/commands.ts";
import { expiryOf, type SampleType } from "#lib/domain/files/rules.ts";
import type { Received } from "#lib/domain/files/view.ts";

type Made = {
  name: string;
  sampleType: Extract<SampleType, `batch_${string}`>;
  visibility: (typeof files.$inferSelect)["visibility"];
  createdBy: Id<"user">;
  /** When it expires, where that was asked for. */
  hours: number | null;
};

/**
 * A file that was not uploaded but made here, for a batch. What is made of answers that were paid for is never refused for
 * lack of room.
 */
export const keepMade = part(
  async (ctx: Context, made: Made, received: Omit<Received, "check">): Promise<Id<"file">> => {
    const { organizationId, workspaceId, now: createdAt } = ctx;
    const { hours, ...named } = made;
    const { bytes, lines } = received;
    const id = newId("file", createdAt);
    const expiresAt = expiryOf(createdAt, { hours: hours ?? undefined, isDraft: false });
    await ctx.db.insert(files).values({
      ...{ organizationId, workspaceId, id, createdAt, expiresAt, bytes, lines },
      ...named,
      blobId: await keepBlob(ctx, received),
      purpose: "batch",
      source: made.sampleType === "batch_request" ? "upload" : "mistral",
      isExpiryAsked: hours !== null,
      isDraft: false,
    });
    await writeAudit(ctx, {
      action: "file.create",
      object: { type: "file", id },
      after: { purpose: "batch", visibility: made.visibility, bytes, lines, expires: expiresAt },
    });
    return id;
  },
);
