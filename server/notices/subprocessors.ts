import type { NoticeKind } from "#lib/domain/notices/legal/commands.ts";
import { dateFor } from "#lib/domain/publications/rules.ts";
import { tellSubprocessor } from "#lib/domain/subprocessors/commands.ts";
import { type SubprocessorFacts, subprocessorLetter } from "#lib/domain/subprocessors/letters.ts";
import { subprocessorFacts } from "#lib/domain/subprocessors/queries.ts";
import { noticeDays } from "#lib/domain/subprocessors/rules.ts";

/** T-2-INC: one more who processes personal data for us. */
export const subprocessorNotice: NoticeKind<SubprocessorFacts> = {
  about: "subprocessor",
  factsOf: (ctx, { aboutId }) => subprocessorFacts(ctx, aboutId),
  letter: subprocessorLetter,
  effectiveAt: (_facts, noticedAt, plannedAt) => dateFor(noticedAt, plannedAt, noticeDays),
  onNoticed: tellSubprocessor,
};
