import type { NoticeKind } from "#lib/domain/notices/legal/commands.ts";
import { tellAnnounced, tellInForce } from "#lib/domain/publications/changes/commands.ts";
import { changeFacts } from "#lib/domain/publications/changes/queries.ts";
import { type ChangeFacts, changeAnnouncedLetter } from "#lib/domain/publications/letters.ts";
import { dateFor } from "#lib/domain/publications/rules.ts";

/** T-7-SUB: a substantial change of the terms, or of another document. */
export const termsNotice: NoticeKind<ChangeFacts> = {
  about: "terms",
  factsOf: (ctx, { aboutId }) => changeFacts(ctx, aboutId),
  letter: changeAnnouncedLetter,
  effectiveAt: ({ days }, noticedAt, plannedAt) => dateFor(noticedAt, plannedAt, days),
  onNoticed: tellAnnounced,
  onEffective: tellInForce,
};
