import { estimateTokens } from "#lib/engine/upstream/estimate.ts";
import { Breath } from "./breath.ts";
import type { AskedPrompt } from "./port.ts";
import type { Style } from "./style.ts";
import type { SurveyTask } from "./survey.ts";
import { askedOf, unseenOf } from "./unseen.ts";

export type ForeignPrompts = { prompts: AskedPrompt[]; style: Style | null };

/** Short, because the process has other work. */
const turnMs = 8;

/** What to ask a model that another server trained: it was sent all of the training files, so only others are unseen. */
export async function foreignPrompts(task: SurveyTask): Promise<ForeignPrompts> {
  if (task.validation.length === 0) return { prompts: [], style: null };
  const reader = { count: estimateTokens, tokensMost: Number.MAX_SAFE_INTEGER, breath: new Breath(turnMs) };
  const { unseen, style } = await unseenOf(task, reader);
  return { prompts: askedOf(unseen), style };
}
