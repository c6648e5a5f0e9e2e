import type { Db } from "#db/client.ts";
import { type Id, newId } from "#db/id.ts";
import { type AgentContent, agents, agentVersions } from "#db/schema/agents.ts";
import type { Context } from "#lib/core/context.ts";
import { skeletonOf } from "#lib/domain/agents/handles/rules.ts";
import { emptyContent } from "#lib/domain/agents/rules.ts";
import { newAgentSealer } from "#lib/domain/agents/sealing/queries.ts";

type Options = {
  name?: string;
  ownerId?: Id<"user">;
  visibility?: "workspace" | "restricted";
  isPublished?: boolean;
  content?: Partial<AgentContent>;
};

/** For tests: an agent of a person's own, in their workspace, without asking whether it may be. */
export async function testAgent(
  db: Db,
  { organizationId, workspaceId, actor, now: createdAt }: Context,
  { name = "Planner", ownerId, visibility = "restricted", isPublished = true, content: change = {} }: Options = {},
): Promise<Id<"agent">> {
  const id = newId("agent", createdAt);
  const owner = ownerId ?? (actor.id as Id<"user">);
  const content = { ...emptyContent("test-model"), ...change };
  const handle = id.slice(-12);
  const named = { name, handle, skeleton: skeletonOf(handle), color: "teal", source: "api" } as const;
  const sealer = await newAgentSealer(id);
  const state = isPublished ? { version: 0 } : { version: null, draft: sealer.draft(content) };
  const row = { organizationId, id, workspaceId, ownerId: owner, ...named, visibility, ...state, key: sealer.wrapped };
  await db.insert(agents).values({ ...row, createdAt, updatedAt: createdAt });
  if (isPublished) {
    const version = {
      organizationId,
      agentId: id,
      version: 0,
      content: sealer.version(0, content),
      createdBy: owner,
      createdAt,
    };
    await db.insert(agentVersions).values(version);
  }
  return id;
}
