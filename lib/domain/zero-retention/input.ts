import { z } from "zod";
import { statefulClasses } from "#db/schema/zero-retention.ts";
import { idField } from "#lib/core/id-field.ts";
import type { JobKind } from "#lib/core/jobs/define.ts";
import { dataTitles, endTitles, reasonTitles } from "./rules.ts";

const keysOf = <K extends string>(titles: Record<K, string>) => Object.keys(titles) as [K, ...K[]];

/** One or several of a form's boxes. */
const several = <T extends z.ZodType>(one: T, least: number, message: string) =>
  z.preprocess(
    (sent) => (Array.isArray(sent) ? sent : sent === undefined || sent === "" ? [] : [sent]),
    z.array(one).min(least, message),
  );

const words = (least: number, most: number, message: string) =>
  z
    .string()
    .trim()
    .min(least, message)
    .max(most, `At most ${most.toLocaleString("en-IE")} characters.`);

export const zeroRetentionId = idField("zeroRetention", "This is not the id of a request.");
const attestation = z.literal("on", "Tick this to send the request.");

/** T-4.2.2.2-ZDR1: what a customer says who asks for zero retention. `scope` is `organization`, `on_request` or a workspace's id. */
export const requestInput = z.object({
  scope: z.union(
    [z.literal("organization"), z.literal("on_request"), idField("workspace")],
    "Choose what it is to cover.",
  ),
  reason: z.enum(keysOf(reasonTitles), "Choose a reason."),
  words: words(50, 4000, "Say in at least 50 characters why nothing may be kept."),
  dataClasses: several(z.enum(keysOf(dataTitles)), 1, "Tick at least one."),
  keepClasses: several(z.enum(statefulClasses), 0, ""),
  mayAsk: attestation,
  takesOver: attestation,
  hasExported: attestation,
});

export const withdrawInput = z.object({ id: zeroRetentionId });
export const answerInput = z.object({ id: zeroRetentionId, answer: words(2, 4000, "Write an answer.") });
export const endInput = z.object({ id: zeroRetentionId });

export const deskInput = z.object({ id: zeroRetentionId });
export const askInput = z.object({ id: zeroRetentionId, question: words(10, 4000, "Write what you ask.") });
export const decideInput = z.object({
  id: zeroRetentionId,
  reason: words(10, 2000, "Say why, in a sentence. The customer reads it."),
});
export const revokeInput = decideInput.extend({
  code: z.enum(keysOf(endTitles), "Choose a reason.").exclude(["customer", "plan", "contract"]),
});

/** The job that takes an approved request as far as it goes. Its code asks the API, so it lies with the processes. */
export const implementing = {
  name: "zero-retention.implement",
  payload: z.object({ organizationId: idField("organization"), id: zeroRetentionId }),
} satisfies JobKind;
