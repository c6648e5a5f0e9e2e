import { uuidOf } from "#db/id.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { transaction } from "#lib/core/context.ts";
import { publicLink } from "#lib/core/mail/letter.ts";
import { keyedHash } from "#lib/core/secrets.ts";
import { noteUse } from "#lib/domain/files/commands.ts";
import { linkInput } from "#lib/domain/files/input.ts";
import { fileOf } from "#lib/domain/files/queries.ts";
import { signedText } from "./rules.ts";

/** Makes an address under which a file can be downloaded without a key, for some hours. */
export const linkFile = command({
  can: "files.read",
  within: "workspace",
  input: linkInput,
  run: (ctx, { file: named, hours }): Promise<{ url: string; expiresAt: Date }> =>
    transaction(ctx, async (ctx) => {
      const { id, sha256 } = await fileOf(ctx, named);
      const expires = Math.floor(ctx.now.getTime() / 1000) + hours * 3600;
      const asked = new URLSearchParams({
        expires: String(expires),
        signature: keyedHash(signedText(id, sha256, expires)),
      });
      await noteUse(ctx, id);
      await writeAudit(ctx, {
        action: "file.link",
        object: { type: "file", id },
        after: { hours },
        clause: "T-4.2.3-1",
      });
      return { url: publicLink(`/v1/files/${uuidOf(id)}/link?${asked}`), expiresAt: new Date(expires * 1000) };
    }),
});
