import type { AuthenticatedKey } from "#lib/gateway/authentication/key-lookup.ts";

type Retention = Pick<AuthenticatedKey, "isZeroRetention" | "hold">;

/** Whether what a key asks goes to the content log. A legal hold begins to keep what zero retention would not. */
export const keepsContent = ({ isZeroRetention, hold }: Retention): boolean => !isZeroRetention || hold !== null;

/** How long it is kept. Where the law forbids to say so, nothing is said: never what is not true. */
export function retentionHeader({ isZeroRetention, hold }: Retention): { "x-content-retention"?: string } {
  if (!isZeroRetention) return { "x-content-retention": hold === "told" ? "legal-hold" : "30d" };
  if (hold === "untold") return {};
  return { "x-content-retention": hold ? "legal-hold" : "none" };
}
