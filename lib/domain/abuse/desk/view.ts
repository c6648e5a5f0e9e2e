import type { suspensions } from "#db/schema/abuse.ts";
import type { abuseOpenings } from "#db/schema/monitoring.ts";
import type { AbuseFlag, AbuseItem } from "#lib/domain/abuse/flags/view.ts";

type Named = { organizationName: string; workspaceName: string | null };

/** An item as the desk lists it. */
export type ItemRow = AbuseItem & Named;

type Signed = AbuseFlag & { ruleName: string | null };
type Opening = typeof abuseOpenings.$inferSelect;

/** An item with its signs, who opened it, and what it led to; nothing of it before a reason is given. */
export type DeskItem = ItemRow & {
  isHidden: boolean;
  /** Whether the workspace can be archived: there is one, and it is not the default. */
  canRestrict: boolean;
  signs: readonly Signed[];
  openings: readonly Opening[];
  /** What this person can read now. */
  isOpenTo: Opening | null;
  decidedName: string | null;
  suspension: (typeof suspensions.$inferSelect)["state"] | null;
};
