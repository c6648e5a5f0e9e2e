import { tellEndAnnounced, tellEnded } from "#lib/domain/lifecycle/commands.ts";
import { endAnnouncedLetter } from "#lib/domain/lifecycle/letters.ts";
import { modelEndFacts } from "#lib/domain/lifecycle/queries.ts";
import { endFor } from "#lib/domain/lifecycle/rules.ts";
import type { ModelEndFacts } from "#lib/domain/lifecycle/view.ts";
import type { NoticeKind } from "#lib/domain/notices/legal/commands.ts";

/** T-4.2.1-DISC1: the announced end of a model. */
export const modelNotice: NoticeKind<ModelEndFacts> = {
  about: "model",
  factsOf: (ctx, { aboutId }) => modelEndFacts(ctx, aboutId),
  letter: endAnnouncedLetter,
  effectiveAt: ({ months }, noticedAt, plannedAt) => endFor(noticedAt, plannedAt, months),
  onNoticed: tellEndAnnounced,
  onEffective: tellEnded,
};
