import { GitBranch } from "lucide-react";
import { conversationTitle } from "#components/chat/conversation-title.ts";
import { TextLink } from "#components/ui/text-link.tsx";
import type { Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { branchesOf, type Conversation, conversationOf, conversationsOf } from "#lib/domain/conversations/queries.ts";

/** Where a conversation comes from, and what was made of it. */
export async function Branches({ ctx, conversation }: { ctx: Context; conversation: Conversation }) {
  const { id, parentId, metadata } = conversation;
  const from = parentId ?? metadata?.branched_from;
  const [parent, copies, reworded] = await Promise.all([
    typeof from === "string" ? parentOf(ctx, from) : null,
    branchesOf(ctx, id),
    conversationsOf(ctx, { metadata: { branched_from: id } }),
  ]);
  const branches = [...copies, ...reworded.filter((one) => one.parentId === null)];
  if (parent === null && branches.length === 0) return null;
  const href = (to: string): string => `/${ctx.workspaceId}/chat/${to}`;
  return (
    <div className="flex flex-col gap-1 text-ui text-text-soft">
      {parent === null ? null : (
        <p className="flex items-center gap-1.5">
          <GitBranch aria-hidden="true" className="size-3.5 shrink-0" />
          <span>
            Branched from{" "}
            {parent === "deleted" ? (
              "a conversation that was deleted"
            ) : (
              <TextLink href={href(parent.id)}>{conversationTitle(parent)}</TextLink>
            )}
          </span>
        </p>
      )}
      {branches.length === 0 ? null : (
        <p className="flex items-center gap-1.5">
          <GitBranch aria-hidden="true" className="size-3.5 shrink-0" />
          <span className="flex flex-wrap gap-x-3">
            Branches:{" "}
            {branches.map((branch, index) => (
              <TextLink key={branch.id} href={href(branch.id)}>
                {`${index + 1}. ${conversationTitle(branch)}`}
              </TextLink>
            ))}
          </span>
        </p>
      )}
    </div>
  );
}

async function parentOf(ctx: Context, id: string): Promise<Conversation | "deleted"> {
  try {
    return await conversationOf(ctx, id);
  } catch (error) {
    if (error instanceof AppError && error.problem === "not_found") return "deleted";
    throw error;
  }
}
