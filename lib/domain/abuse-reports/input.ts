import { z } from "zod";
import { reportKinds, reportOutcomes } from "#db/schema/reports.ts";
import { typedEmail } from "#lib/core/email.ts";
import { idField } from "#lib/core/id-field.ts";
import { longestPlace, longestReport } from "./rules.ts";

export const reportInput = z.object({
  kind: z.enum(reportKinds, "Choose one of these."),
  words: z
    .string("Say what happened.")
    .trim()
    .min(10, "Say in a few words what happened.")
    .max(longestReport, "5,000 characters at most."),
  place: z
    .string("Say where.")
    .trim()
    .min(3, "Say where: an address, an agent, a name.")
    .max(longestPlace, "500 characters at most."),
  contact: z.preprocess((typed) => (typed === "" ? undefined : typed), typedEmail().optional()),
});

export const decideReportInput = z.object({
  id: idField("abuseReport", "There is no such report."),
  outcome: z.enum(reportOutcomes, "Choose one of these."),
  note: z.string("Say why.").trim().min(3, "Say why.").max(2000, "2,000 characters at most."),
});
