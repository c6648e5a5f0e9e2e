import { tellEndAnnounced, tellEnded } from "#lib/domain/lifecycle/commands.ts";
import { endAnnouncedLetter } from "#lib/domain/lifecycle/letters.ts";
import { endFacts } from "#lib/domain/lifecycle/queries.ts";
import { endFor } from "#lib/domain/lifecycle/rules.ts";
import type { EndFacts } from "#lib/domain/lifecycle/view.ts";
import type { NoticeKind } from "#lib/domain/notices/legal/commands.ts";

/** T-4.2.1-DISC1: the announced end of a model. */
export const modelNotice: NoticeKind<EndFacts> = {
  about: "model",
  factsOf: (ctx, { aboutId }) => endFacts(ctx, aboutId),
  letter: endAnnouncedLetter,
  effectiveAt: ({ months }, noticedAt, plannedAt) => endFor(noticedAt, plannedAt, months),
  onNoticed: tellEndAnnounced,
  onEffective: tellEnded,
};
