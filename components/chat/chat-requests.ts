import { type Call, type ChatItem, nameOf, type Question } from "./chat-items.ts";
import type { Asked } from "./use-chat.ts";

/** Who a new conversation is with: `agent:` or `model:` and its id. */
export type PartnerValue = `agent:${string}` | `model:${string}`;

const start = "/v1/conversations";

const partnerFields = (partner: PartnerValue): Record<string, string> => {
  const [kind, ...rest] = partner.split(":");
  return { [kind === "agent" ? "agent_id" : "model"]: rest.join(":") };
};

export const starting = (partner: PartnerValue, question: string): Asked => ({
  path: start,
  body: { ...partnerFields(partner), inputs: question, name: nameOf(question) },
  shown: 0,
  question,
});

export const goingOn = (id: string, items: readonly ChatItem[], question: string): Asked => ({
  path: `${start}/${id}`,
  body: { inputs: question },
  shown: items.length,
  question,
});

/** Results in the order of their calls; one that was left empty is given as that. */
export const givingResults = (
  id: string,
  items: readonly ChatItem[],
  calls: readonly Call[],
  results: Readonly<Record<string, string>>,
): Asked => ({
  path: `${start}/${id}`,
  body: {
    inputs: calls.map((call) => ({
      object: "entry",
      type: "function.result",
      tool_call_id: call.toolCallId,
      result: results[call.id] ?? "",
    })),
  },
  shown: items.length,
  question: null,
  results: Object.fromEntries(calls.map((call) => [call.toolCallId, results[call.id] ?? ""])),
});

/** The same question once more: a branch that ends with it. */
export const regenerating = (id: string, items: readonly ChatItem[], question: Question): Asked => ({
  path: `${start}/${id}/restart`,
  body: { from_entry_id: question.id },
  shown: items.indexOf(question) + 1,
  question: null,
});

/** Other words in a question's place: a branch that begins before it, or, of the first, anew. */
export function rewording(
  { id, partner }: { id: string; partner: PartnerValue },
  items: readonly ChatItem[],
  question: Question,
  text: string,
): Asked {
  const shown = items.indexOf(question);
  if (question.before === null) {
    const anew = starting(partner, text);
    return { ...anew, body: { ...anew.body, metadata: { branched_from: id } } };
  }
  return {
    path: `${start}/${id}/restart`,
    body: { from_entry_id: question.before, inputs: text },
    shown,
    question: text,
  };
}
