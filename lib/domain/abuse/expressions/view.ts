import type { abuseRules } from "#db/schema/monitoring.ts";

export type AbuseRule = typeof abuseRules.$inferSelect;
export type DeskRule = AbuseRule & { proposedName: string | null; approvedName: string | null };
