import { answerDueNow } from "#lib/domain/help/clocks/queries.ts";
import { ticketFile } from "#lib/domain/help/files/queries.ts";
import { ticketFilter } from "#lib/domain/help/input.ts";
import { ticketOf, ticketPage, ticketSlice } from "#lib/domain/help/queries.ts";
import { recordOf } from "#lib/domain/help/records/queries.ts";
import type { Operation } from "./operations.ts";

/** Of a ticket, which its author and the admins see; for other members it is not there. */
const seen = (run: Operation["run"]): Operation => ({ can: "help.read", within: "organization", isChoosy: true, run });

/** What people do with the tickets of their organization. */
export const helping: Record<string, Operation> = {
  answerDueNow: { can: "help.write", run: answerDueNow },
  ticketPage: { can: "help.read", run: (ctx) => ticketPage(ctx, ticketFilter.parse({})) },
  ticketSlice: { can: "help.read", run: (ctx) => ticketSlice(ctx, { limit: 100 }) },
  ticketOf: seen((ctx, place) => ticketOf(ctx, place.ticket)),
  ticketFile: seen(async (ctx, place) => String((await ticketFile(ctx, place.ticket, place.ticketFile)).bytes)),
  recordOf: {
    can: "help.read",
    within: "organization",
    isQuiet: true,
    run: (ctx, { rateRequest }) => recordOf(ctx, { kind: "higher_limits", recordId: rateRequest }),
  },
};
