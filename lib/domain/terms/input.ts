import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";

export const documentKinds = ["terms", "chat", "privacy", "data-processing"] as const;
export type DocumentKind = (typeof documentKinds)[number];
/** What people agree to: the contract itself, the terms of the chat (T-4.3-SHARE1), and how personal data is processed. */
export type AgreedKind = Extract<DocumentKind, "terms" | "chat" | "data-processing">;

/** What a ticked box carries: the exact document that was on the page. */
export const agreementFields = {
  agree: z.literal("on", { error: "Tick the box if you agree. Without agreement there is no account." }),
  documentId: idField("document"),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
};

export const agreementInput = z.object(agreementFields);
export type Agreement = Omit<z.output<typeof agreementInput>, "agree">;

export const documentAddress = z.object({
  kind: z.enum(documentKinds),
  version: z.coerce.number().int().min(1).max(1_000_000).optional(),
});

const versionNumber = z.coerce.number().int().min(1).max(1_000_000);

/** Two versions of a document, to be compared. */
export const diffAddress = z.object({ kind: z.enum(documentKinds), version: versionNumber, other: versionNumber });

/** Agreement to an announced change, on the page that shows it. */
export const agreeInput = z.object({ documentId: agreementFields.documentId, sha256: agreementFields.sha256 });

/** What ends the agreement instead; without an instant, when the change would hold. */
export const disagreeInput = z.object({
  documentId: agreementFields.documentId,
  endsAt: z.preprocess(
    (given) => (given === "" ? undefined : given),
    z.coerce.date({ error: "Choose a date." }).optional(),
  ),
  words: z.string().trim().max(2000, "At most 2,000 characters.").optional(),
});
