import { compose, type Letter } from "#lib/core/mail/letter.ts";
import { deletionClause } from "./rules.ts";
import type { DeletionRequest } from "./view.ts";

type Addressee = { email: string; name: string };

/** That a written request was received, and by when it is carried out. */
export const deletionReceivedLetter = (to: Addressee, { kind, dueAt, id, requestedBy }: DeletionRequest): Letter =>
  compose({
    kind: "retention.deletion-received",
    to,
    subject: "We received your request to delete",
    before: [
      `Your request (${id}) is recorded. It will be carried out by ${dueAt.toISOString().slice(0, 16).replace("T", " ")} UTC at the latest.`,
    ],
    ...(requestedBy !== null && { link: { label: "See it in Help", path: "/" } }),
    clause: deletionClause[kind],
  });

/** A receipt by its id, with the whole of it for who cannot open the console. */
type DoneReceipt = { id: string; text: string | null };

/** That it was carried out, with the receipt. */
export const deletionDoneLetter = (to: Addressee, { kind, id }: DeletionRequest, receipt: DoneReceipt): Letter =>
  compose({
    kind: "retention.deletion-done",
    to,
    subject: "What you asked us to delete is gone",
    before: [`Your request (${id}) was carried out. The receipt is ${receipt.id}.`],
    ...(receipt.text === null
      ? {
          after: ["The receipt is under Organization, Privacy, Receipts, and can be checked without us."],
          link: { label: "Open the console", path: "/" },
        }
      : { after: ["This is the signed receipt. Keep it as a file: it can be checked without us.", receipt.text] }),
    clause: deletionClause[kind],
  });
