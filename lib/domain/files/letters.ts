import type { Id } from "#db/id.ts";
import { compose, type Letter } from "#lib/core/mail/letter.ts";
import { type FileUse, percentUsed, type QuotaStep } from "./quota/rules.ts";

type About = { organizationId: Id<"organization">; workspaceId: Id<"workspace">; step: QuotaStep; use: FileUse };

const gibibytes = (bytes: number): string => (bytes / 1024 ** 3).toFixed(1);

/** That the room for files is nearly, or wholly, taken. */
export const quotaLetter = (
  to: { email: string; name: string },
  { organizationId, workspaceId, step, use }: About,
): Letter =>
  compose({
    kind: step === 100 ? "files.full" : "files.nearly-full",
    to,
    subject:
      step === 100
        ? "The room for your files is taken: uploads are refused"
        : "80 % of the room for your files is taken",
    before: [
      `Your organization keeps ${use.files} files of ${gibibytes(use.bytes)} GiB, which is ${percentUsed(use)} % of what the plan gives.`,
      step === 100
        ? "Another upload is refused until files are deleted or expire, or the plan changes."
        : "At 100 % uploads are refused. Files that are not used expire after 30 days.",
    ],
    link: { label: "See the files", path: `/${workspaceId}/files` },
    organizationId,
    clause: "T-4.2.3-1",
  });
