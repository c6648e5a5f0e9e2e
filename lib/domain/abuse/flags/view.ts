import type { abuseFlags, abuseItems } from "#db/schema/monitoring.ts";

export type AbuseItem = typeof abuseItems.$inferSelect;
export type AbuseFlag = typeof abuseFlags.$inferSelect;

/** A sign to be noted: who or what saw it, and where. There is no field for what was said. */
export type NewFlag = Pick<AbuseFlag, "source" | "category" | "workspaceId"> &
  Partial<
    Pick<AbuseFlag, "requestId" | "ruleId" | "model" | "score" | "measure" | "day" | "value" | "usual" | "ticketId">
  >;
