import { and, eq } from "drizzle-orm";
import { type Id, idOfUuid } from "#db/id.ts";
import { blobs, files } from "#db/schema/files.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { type AccountContext, bypassTenant, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { isKeyedHash } from "#lib/core/secrets.ts";
import { signedText } from "./rules.ts";

/** A file that a link leads to. */
export type LinkedFile = {
  organizationId: Id<"organization">;
  workspaceId: Id<"workspace">;
  id: Id<"file">;
  name: string;
  bytes: number;
  sha256: string;
};

/** The file a link was made for. A link that is wrong leads nowhere, whatever is wrong with it; one whose time is over says so. */
export async function linkedFile(
  ctx: AccountContext,
  named: string,
  asked: { expires: number; signature: string },
): Promise<LinkedFile> {
  authorize(ctx.actor, "account.open");
  const id = idOfUuid("file", named);
  const file = id && (await find(ctx, id));
  if (!file || !isSigned(file, asked))
    throw new AppError("not_found", "There is no such file.", { code: "file_not_found" });
  if (asked.expires * 1000 <= ctx.now.getTime())
    throw new AppError("gone", "This link has expired. Ask for a new one.", { code: "link_expired" });
  return file;
}

const find = (ctx: AccountContext, id: Id<"file">): Promise<LinkedFile | undefined> =>
  transaction(ctx, async (ctx) => {
    // The signature is the proof; whose file it is, only the file tells.
    await bypassTenant(ctx);
    const { organizationId, workspaceId, name, bytes } = files;
    const [found] = await ctx.db
      .select({ organizationId, workspaceId, id: files.id, name, bytes, sha256: blobs.sha256 })
      .from(files)
      .innerJoin(blobs, and(eq(blobs.organizationId, files.organizationId), eq(blobs.id, files.blobId)))
      .where(eq(files.id, id));
    return found;
  });

const isSigned = (
  { id, sha256 }: LinkedFile,
  { expires, signature }: { expires: number; signature: string },
): boolean => isKeyedHash(signature, signedText(id, sha256, expires));
