import { readFile } from "node:fs/promises";
import path from "node:path";
import { and, eq } from "drizzle-orm";
import { newId } from "#db/id.ts";
import { acceptances, documents } from "#db/schema/terms.ts";
import { can } from "#lib/core/access/authorize.ts";
import { personOf } from "#lib/core/access/person.ts";
import { writeAudit } from "#lib/core/audit.ts";
import type { ClauseId } from "#lib/core/clauses/register.ts";
import { command, part } from "#lib/core/command.ts";
import { type AccountContext, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { sha256 } from "#lib/core/secrets.ts";
import { addVersion } from "./drafts/commands.ts";
import { type AgreedKind, type Agreement, type DocumentKind, documentKinds } from "./input.ts";
import { termsOnPage } from "./queries.ts";
import { type Draft, draftOf } from "./rules.ts";

/**
 * T-3-CLICK: keeps the evidence of a click on "I agree", in the caller's transaction. Refused when the document changed after
 * the page was made; asked twice, it is kept once.
 */
export const keepAgreement = part(
  async (
    ctx: OrganizationContext,
    { documentId, sha256 }: Agreement,
    { kind, binds, clause }: { kind: AgreedKind; binds: boolean; clause: ClauseId },
  ): Promise<void> => {
    const { version } = await termsOnPage(ctx, { documentId, sha256 }, kind);
    const kept = await ctx.db
      .insert(acceptances)
      .values({
        ...{ organizationId: ctx.organizationId, id: newId("acceptance", ctx.now), userId: personOf(ctx.actor).id },
        ...{ documentId, version, sha256, binds, method: "click", acceptedAt: ctx.now },
        ...{ address: ctx.origin.address, agent: ctx.origin.agent },
      })
      .onConflictDoNothing()
      .returning({ id: acceptances.id });
    if (kept.length === 0) return;
    await writeAudit(ctx, {
      action: "terms.accept",
      object: { type: "document", id: documentId },
      after: { kind, version, sha256, method: "click", binds },
      clause,
    });
  },
);

/** A click binds the organization when its admin makes it, and otherwise the person; the terms of the chat, the person alone. */
export const agree = command({
  can: "account.manage",
  within: "organization",
  run: (ctx, agreement: Agreement, kind: "terms" | "chat" = "terms"): Promise<void> =>
    transaction(ctx, (ctx) =>
      keepAgreement(ctx, agreement, {
        kind,
        binds: kind === "terms" && can(ctx.actor, "terms.accept"),
        clause: kind === "chat" ? "T-4.3-SHARE1" : "T-3-CLICK",
      }),
    ),
});

export type Publication = {
  kind: DocumentKind;
  version: number;
  outcome: "published" | "drafted" | "unchanged" | "kept-with-former-name";
};

/**
 * Puts the documents of LEGAL_DIR, or ours, into the database where they are missing: the first of a kind comes into force,
 * every later one is a draft that people approve (T-7-SUB). A version that is here never changes: a text that differs from the version it claims to be is refused, and a provider that changed its name keeps
 * the former one in what was agreed to until a new version is written.
 */
export const publishDocuments = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<Publication[]> => {
    const { LEGAL_DIR, PROVIDER_NAME: provider, PROVIDER_LEGAL_NAME: legalName, SUPPORT_EMAIL: support } = env();
    const folder = LEGAL_DIR ?? path.join(process.cwd(), "lib/domain/terms/documents");
    const drafts = await Promise.all(
      documentKinds.map(async (kind) => {
        const file = path.join(folder, `${kind}.md`);
        try {
          return { kind, file, draft: draftOf(await readFile(file, "utf8"), { provider, legalName, support }) };
        } catch (error) {
          throw new Error(`${file} cannot be published: ${error instanceof Error ? error.message : error}`, {
            cause: error,
          });
        }
      }),
    );
    return transaction(ctx, async (ctx) => {
      const published: Publication[] = [];
      for (const { kind, file, draft } of drafts) published.push(await publish(ctx, kind, file, draft));
      return published;
    });
  },
});

async function publish(ctx: AccountContext, kind: DocumentKind, file: string, draft: Draft): Promise<Publication> {
  const { version } = draft;
  const added = await addVersion(ctx, kind, draft);
  if (added) return { kind, version, outcome: added };
  const [kept] = await ctx.db
    .select({ sha256: documents.sha256, templateSha256: documents.templateSha256 })
    .from(documents)
    .where(and(eq(documents.kind, kind), eq(documents.version, version)));
  // Texts that were published before their values were kept say the same.
  const isKnown = kept && [draft.templateSha256, draft.textSha256].includes(kept.templateSha256);
  if (!isKnown) {
    throw new Error(
      `${file} says it is version ${version}, which is here with another text. Give the new text version ${version + 1}.`,
    );
  }
  const isSame = kept.sha256 === draft.sha256 || kept.sha256 === sha256(draft.body);
  return { kind, version, outcome: isSame ? "unchanged" : "kept-with-former-name" };
}
