import { z } from "zod";
import { listInput } from "#lib/core/list/input.ts";
import { momentField } from "#lib/core/moment-field.ts";
import { fileIds, messageBody, ticketId } from "#lib/domain/help/input.ts";
import { ticketKinds } from "#lib/domain/help/kinds/rules.ts";
import { queueShows } from "./rules.ts";

export const deskTicketInput = z.object({ ticketId });

/** What an answer makes of the ticket: the customer has the word, or nothing is left to do. */
export const answerInput = z.object({
  ticketId,
  body: messageBody,
  files: fileIds,
  state: z.enum(["waiting", "resolved"]).optional().default("waiting"),
});

export const noteInput = z.object({ ticketId, body: messageBody });

export const snoozeInput = z.object({ ticketId, until: momentField });

/** What the address of the queue may say; nonsense is as if it were not there. */
export const queueFilter = listInput(["due", "opened"], {
  show: z.enum(queueShows).optional().catch(undefined),
  kind: z.enum(ticketKinds).optional().catch(undefined),
});
export type QueueFilter = z.output<typeof queueFilter>;
