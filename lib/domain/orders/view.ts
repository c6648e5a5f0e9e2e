import type { Id } from "#db/id.ts";
import type { OrderState, Terms } from "./rules.ts";

export type OrderView = {
  id: Id<"order">;
  organizationId: Id<"organization">;
  number: string;
  state: OrderState;
  signedAt: Date;
  startsAt: Date;
  endsAt: Date | null;
  position: number | null;
  supersedesId: Id<"order"> | null;
  agreementId: Id<"agreement"> | null;
  agreementNumber: string | null;
  note: string | null;
  fileName: string | null;
  fileSha256: string | null;
  createdAt: Date;
  activatedAt: Date | null;
  endedAt: Date | null;
  terms: Terms;
};

/** What staff see: the people as well. */
export type DeskOrder = OrderView & { organizationName: string; author: string; approvers: string[] };

/** Without what it says where no reason to look at its customer is open. */
export type ListedOrder = DeskOrder & { isHidden: boolean };

export type OrderFile = { name: string; bytes: Buffer };
