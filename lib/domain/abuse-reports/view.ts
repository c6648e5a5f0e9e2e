import type { abuseReports } from "#db/schema/reports.ts";

export type AbuseReport = typeof abuseReports.$inferSelect;
export type ReportKind = AbuseReport["kind"];
export type ReportOutcome = NonNullable<AbuseReport["outcome"]>;
