import { and, eq } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { disputeFiles } from "#db/schema/disputes.ts";
import { part } from "#lib/core/command.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { fileNameOf } from "#lib/core/file-name.ts";
import { sha256 } from "#lib/core/secrets.ts";
import { storage } from "#lib/core/storage/storage.ts";
import { type FileKind, kindOf, mostFiles, storageKey } from "./rules.ts";

type Read = { name: string; kind: FileKind; bytes: Buffer; sha256: string };

const refused = (message: string): AppError => new AppError("invalid", message, { fields: { files: [message] } });

/** What is not what its name says is refused by its name. */
async function looked(file: File): Promise<Read> {
  const bytes = Buffer.from(await file.arrayBuffer());
  const name = fileNameOf(file.name);
  const kind = kindOf(name, bytes);
  if (kind) return { name, kind, bytes, sha256: sha256(bytes) };
  throw refused(`${name} is not a PDF, PNG, JPEG, TXT or CSV file, or its content is another than its name says.`);
}

type Named = { disputeId: Id<"dispute">; messageId: Id<"disputeMessage"> };

/** Keeps the files of a message: the bytes first, so that no row names what is not there. */
export const keepFiles = part(
  async (ctx: OrganizationContext, named: Named, files: readonly File[]): Promise<Pick<Read, "name" | "sha256">[]> => {
    if (files.length === 0) return [];
    const { organizationId } = ctx;
    const its = and(eq(disputeFiles.organizationId, organizationId), eq(disputeFiles.disputeId, named.disputeId));
    if ((await ctx.db.$count(disputeFiles, its)) + files.length > mostFiles)
      throw refused(`A dispute has at most ${mostFiles} files.`);
    const read = await Promise.all(files.map(looked));
    for (const { bytes, sha256 } of read)
      await storage().write(storageKey(organizationId, named.disputeId, sha256), [bytes]);
    await ctx.db.insert(disputeFiles).values(
      read.map(({ name, kind, bytes, sha256 }) => ({
        organizationId,
        id: newId("disputeFile", ctx.now),
        ...named,
        name,
        kind,
        size: bytes.length,
        sha256,
      })),
    );
    return read;
  },
);
