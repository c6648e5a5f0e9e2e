import type { disputeLines, disputeMessages, disputes } from "#db/schema/disputes.ts";
import type { DisputeFile } from "./files/view.ts";

export type Message = typeof disputeMessages.$inferSelect & { files: DisputeFile[] };
export type Dispute = typeof disputes.$inferSelect;
export type DisputeRow = Dispute & { number: string; organizationName: string };
export type ListedDispute = Pick<
  DisputeRow,
  "organizationId" | "id" | "state" | "openedAt" | "amountCents" | "creditedCents" | "number" | "organizationName"
>;
export type DisputeDetail = DisputeRow & {
  lines: (typeof disputeLines.$inferSelect & { description: string; detail: string | null })[];
  messages: Message[];
};
