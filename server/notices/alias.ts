import { endMoving, tellMoving } from "#lib/domain/lifecycle/aliases/commands.ts";
import { aliasMovesLetter } from "#lib/domain/lifecycle/aliases/letters.ts";
import { moveFacts } from "#lib/domain/lifecycle/aliases/queries.ts";
import type { MoveFacts } from "#lib/domain/lifecycle/aliases/view.ts";
import { moveFor } from "#lib/domain/lifecycle/rules.ts";
import type { NoticeKind } from "#lib/domain/notices/legal/commands.ts";

/** T-4.2.1-DISC4: a name of a model goes on to another one. */
export const aliasNotice: NoticeKind<MoveFacts> = {
  about: "alias",
  factsOf: (ctx, { aboutId }) => moveFacts(ctx, aboutId),
  letter: aliasMovesLetter,
  effectiveAt: ({ days }, noticedAt, plannedAt) => moveFor(noticedAt, plannedAt, days),
  onNoticed: tellMoving,
  onEffective: endMoving,
};
