import { meetDeadline, openDeadline } from "#lib/domain/deadlines/commands.ts";
import { due } from "#lib/domain/deadlines/rules.ts";
import type { NoticeHooks, NoticeKind } from "#lib/domain/notices/legal/commands.ts";
import { aliasNotice } from "./alias.ts";
import { maintenanceNotice } from "./maintenance.ts";
import { modelNotice } from "./model.ts";
import { subprocessorNotice } from "./subprocessors.ts";
import { termsNotice } from "./terms.ts";

/** What each legal notice says and when it takes effect, by what it is about. */
export const notices: NoticeHooks = {
  kinds: [
    termsNotice as NoticeKind,
    maintenanceNotice as NoticeKind,
    modelNotice as NoticeKind,
    aliasNotice as NoticeKind,
    subprocessorNotice as NoticeKind,
  ],
  // Asked each minute until it was given: the clock runs from the first time.
  onLost: (ctx, { id }) =>
    openDeadline(ctx, {
      clock: "notice.undelivered",
      subject: { kind: "legal_notice", id },
      dueAt: due["notice.undelivered"](ctx.now),
    }),
  onGiven: (ctx, { id }) => meetDeadline(ctx, "notice.undelivered", id),
};
