import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";
import { listInput } from "#lib/core/list/input.ts";
import { messageLimits } from "./files/rules.ts";
import { fieldNames, type KindField, kindOf, openedHere, type TicketKind, ticketKinds } from "./kinds/rules.ts";
import { longestMessage, longestSubject, ticketSorts, ticketStates } from "./rules.ts";

export const ticketId = idField("ticket", "There is no such ticket.");

export const messageBody = z
  .string("Write a message.")
  .trim()
  .min(1, "Write a message.")
  .max(longestMessage, "20,000 characters at most.");

const subject = z
  .string("Give it a subject.")
  .trim()
  .min(3, "Say in a few words what it is about.")
  .max(longestSubject, "200 characters at most.")
  .transform((text) => text.replace(/\s+/g, " "));

/** Files that were sent before the message, by their ids. */
export const fileIds = z
  .preprocess(
    (sent) => (Array.isArray(sent) ? sent : [sent]).filter((one) => one !== undefined && one !== ""),
    z.array(idField("ticketFile", "There is no such file.")).max(messageLimits.files, "At most 5 files."),
  )
  .optional()
  .default([]);

const detail = z.string().trim().max(2000, "2,000 characters at most.").optional();

/** The type of a form cannot name what the table of kinds asks for; the check below does. */
const detailFields: object = Object.fromEntries(fieldNames.map((name) => [name, detail]));

const momentPattern = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$/;

function wrongWith({ form, choices, isOptional }: KindField, text: string): string | null {
  if (text === "") return isOptional ? null : "Fill this in.";
  if (choices && !Object.hasOwn(choices, text)) return "Choose one of these.";
  if (form === "moment" && !(momentPattern.test(text) && !Number.isNaN(Date.parse(`${text.slice(0, 10)}T00:00:00Z`))))
    return "Write a day as 2026-11-29, or a minute as 2026-11-29T10:00.";
  return null;
}

/** The form of every kind that Help opens itself: subject, message, files, and the kind's own questions. */
export const openInput = z
  .object({
    kind: z.enum(openedHere as [TicketKind, ...TicketKind[]], "There is no such kind of ticket."),
    subject,
    body: messageBody,
    files: fileIds,
    ...detailFields,
  })
  .superRefine((given, issue) => {
    for (const [name, field] of Object.entries(kindOf(given.kind).fields)) {
      const message = wrongWith(field, (given as Record<string, unknown>)[name]?.toString() ?? "");
      if (message) issue.addIssue({ code: "custom", path: [name], message });
    }
  });

export const replyInput = z.object({ ticketId, body: messageBody, files: fileIds });
export const resolveInput = z.object({ ticketId });
export const addPersonInput = z.object({ ticketId, userId: idField("user", "There is no such person.") });

/** What the address of the customer's list may say; nonsense is as if it were not there. */
export const ticketFilter = listInput(ticketSorts, {
  state: z.enum(ticketStates).optional().catch(undefined),
  kind: z.enum(ticketKinds).optional().catch(undefined),
});
export type TicketFilter = z.output<typeof ticketFilter>;
