import { z } from "zod";
import { type OptionalKind, optionalKinds } from "#lib/core/mail/kinds.ts";
import { letterId } from "#lib/domain/notices/input.ts";

/** What the inbox's address carries. */
export const inboxInput = z.object({
  show: z.enum(["all", "unread"]).catch("all"),
  before: letterId.optional().catch(undefined),
});
export type InboxInput = z.output<typeof inboxInput>;

const kinds = Object.keys(optionalKinds) as [OptionalKind, ...OptionalKind[]];

/** The kinds a form has ticked: those that also come as e-mail. */
export const preferencesInput = z.object({
  kinds: z.preprocess(
    (given) => (given === undefined || given === "" ? [] : Array.isArray(given) ? given : [given]),
    z.array(z.enum(kinds)),
  ),
});

export const unsubscribeInput = z.object({ code: z.string().max(300) });
