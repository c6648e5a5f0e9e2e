import { z } from "zod";
import { agentReports } from "#db/schema/agents.ts";
import { idField } from "#lib/core/id-field.ts";
import { agentId, agentName, handle } from "#lib/domain/agents/input.ts";

export const reasons = agentReports.reason.enumValues;
export type Reason = (typeof reasons)[number];

const reportId = idField("agentReport", "This is not a report's id.");

export const reportAgentInput = z.object({
  agent: agentId,
  reason: z.enum(reasons, "Choose what is wrong."),
  details: z
    .string()
    .trim()
    .min(1, "Say what is wrong, such as whose name it is.")
    .max(2000, "At most 2,000 characters."),
});

const said = z
  .string()
  .trim()
  .min(1, "Write the reason; it is read by the customer.")
  .max(2000, "At most 2,000 characters.");

export const renameReportedInput = z.object({ report: reportId, name: agentName, handle, answer: said });
export const dismissReportInput = z.object({ report: reportId, answer: said });
