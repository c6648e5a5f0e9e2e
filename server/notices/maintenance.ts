import type { NoticeKind } from "#lib/domain/notices/legal/commands.ts";
import { tellMaintenance } from "#lib/domain/status/commands.ts";
import { type MaintenanceFacts, maintenanceLetter } from "#lib/domain/status/letters.ts";
import { maintenanceFacts } from "#lib/domain/status/queries.ts";

/** T-4.4-SLO3: planned work, or that it is taken back. */
export const maintenanceNotice: NoticeKind<MaintenanceFacts> = {
  about: "maintenance",
  factsOf: (ctx, { aboutId }) => maintenanceFacts(ctx, aboutId),
  letter: maintenanceLetter,
  effectiveAt: (_facts, noticedAt, plannedAt) => (noticedAt > plannedAt ? noticedAt : plannedAt),
  onPosted: tellMaintenance,
};
