import { log } from "#lib/core/log.ts";
import type { NoticeHooks, NoticeKind } from "#lib/domain/notices/legal/commands.ts";
import { maintenanceNotice } from "./maintenance.ts";
import { termsNotice } from "./terms.ts";

/** What each legal notice says and when it takes effect, by what it is about. */
export const notices: NoticeHooks = {
  kinds: [termsNotice as NoticeKind, maintenanceNotice as NoticeKind],
  onLost: async (ctx, { id, clause }) =>
    log("notice.undelivered", { notice: id, organization: ctx.organizationId, clause }),
  onGiven: async () => undefined,
};
