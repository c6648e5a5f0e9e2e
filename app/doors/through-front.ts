import { personOf } from "#lib/core/access/person.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { askInternal, type InternalCall } from "#lib/core/internal.ts";
import { hasContentKey } from "#lib/core/secrets.ts";

type Call = Exclude<InternalCall, "rings">;

/** Has a front do what takes keys that this process lacks, for the person who is signed in here. A developer's server has them. */
export async function throughFront<T>(
  ctx: AccountContext,
  call: Call,
  input: unknown,
  here: () => Promise<T>,
): Promise<T> {
  if (hasContentKey()) return here();
  const { sessionId } = personOf(ctx.actor);
  return (await askInternal(call, { sessionId, origin: ctx.origin, input })) as T;
}
