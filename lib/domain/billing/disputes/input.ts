import { z } from "zod";
import { isChosen, tooMuch } from "#lib/core/file-limits.ts";
import { idField } from "#lib/core/id-field.ts";
import { listInput } from "#lib/core/list/input.ts";
import { centsField } from "#lib/domain/billing/credits/input.ts";
import { messageLimits } from "./files/rules.ts";
import { disputeSorts, disputeWords } from "./rules.ts";

/** One amount for each line that is disputed; lines without one are left out. */
export const openDisputeInput = z.object({
  invoiceId: idField("invoice"),
  wants: z.enum(["adjustment", "credit"]),
  reason: z.string().trim().min(10, "Say what is wrong, in a sentence or two.").max(4000, "4,000 characters at most."),
  lines: z
    .array(z.object({ line: z.coerce.number().int().min(1).max(100_000), amount: centsField }))
    .min(1, "Choose at least one line.")
    .max(500, "500 lines at most."),
});

const body = z.string().trim().min(1, "Write a message.").max(4000, "4,000 characters at most.");

const files = z
  .preprocess(
    (sent) => (Array.isArray(sent) ? sent : [sent]).filter((one) => (one instanceof File ? isChosen(one) : one)),
    z.array(z.instanceof(File, { error: "Choose files." })).superRefine((files, issue) => {
      const message = tooMuch(files, messageLimits);
      if (message) issue.addIssue({ code: "custom", message });
    }),
  )
  .optional();

export const messageInput = z.object({ disputeId: idField("dispute"), body, files });
export const staffMessageInput = messageInput.extend({ organizationId: idField("organization") });
export const withdrawInput = z.object({ disputeId: idField("dispute") });

export const decideInput = z.object({
  organizationId: idField("organization"),
  disputeId: idField("dispute"),
  outcome: z.enum(["accepted", "partly", "rejected"]),
  /** Of a partial outcome: what is given back, net, over all its lines. */
  amount: z.union([z.literal("").transform(() => undefined), centsField]).optional(),
  answer: z.string().trim().min(10, "Say why, in words the customer reads.").max(4000, "4,000 characters at most."),
});

const states = Object.keys(disputeWords) as [keyof typeof disputeWords, ...(keyof typeof disputeWords)[]];

/** What the address of a list of disputes may say; nonsense is as if it were not there. */
export const disputeFilter = listInput(disputeSorts, { state: z.enum(states).optional().catch(undefined) });
export type DisputeFilter = z.output<typeof disputeFilter>;
