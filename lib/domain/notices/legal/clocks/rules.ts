import type { ClockName } from "#lib/domain/deadlines/rules.ts";
import type { NoticeAbout } from "#lib/domain/notices/legal/input.ts";

/** Of what is announced about others, their own rooms keep the clocks. */
const clocks: Partial<Record<NoticeAbout, readonly ClockName[]>> = {
  terms: ["terms.effective", "terms.exit"],
  subprocessor: ["subprocessor.effective"],
};

export const clocksOf = (about: NoticeAbout): readonly ClockName[] => clocks[about] ?? [];
