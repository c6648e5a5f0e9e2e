import type { AuthenticatedRequest } from "#lib/gateway/http/request.ts";

type Part = { tool_calls?: readonly { index?: number; function: object }[] | null };
type ChoiceOnWire = { message?: Part; delta?: Part; finish_reason: string | null };

/**
 * A choice as the client asked for it: a program that offers `functions` reads `function_call`, and knows no
 * `tool_calls`. One call is all that this spelling has room for.
 */
export function asAsked<C extends ChoiceOnWire>(choice: C, { sent }: AuthenticatedRequest): C {
  if (!sent || !("functions" in sent.body) || !sent.body.functions) return choice;
  const finish_reason = choice.finish_reason === "tool_calls" ? "function_call" : choice.finish_reason;
  const { message, delta } = choice;
  if (message) return { ...choice, message: { ...older(message), tool_calls: null }, finish_reason };
  return { ...choice, delta: delta && older(delta), finish_reason };
}

function older({ tool_calls, ...part }: Part): object {
  const first = tool_calls?.find(({ index = 0 }) => index === 0);
  return first ? { ...part, function_call: first.function } : part;
}
