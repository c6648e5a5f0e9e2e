import { eq, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { type AgentContent, agentColors, agentGrants, agents, agentVersions } from "#db/schema/agents.ts";
import { workspaces } from "#db/schema/organizations.ts";
import { memberBehind } from "#lib/core/access/person.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { type Context, transaction } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { AppError } from "#lib/core/errors.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { refuseGone } from "#lib/domain/contract/models/rules.ts";
import { modelNamed } from "#lib/domain/contract/values/queries.ts";
import { zeroRetention } from "#lib/domain/retention/rules.ts";
import { tunedBase } from "#lib/domain/tuned-models/asking/queries.ts";
import { tunedPrefix } from "#lib/domain/tuned-models/rules.ts";
import { agentInput, draftInput } from "./builder/input.ts";
import { freeHandle, handleOf, passesForProvider, skeletonOf } from "./handles/rules.ts";
import { agentOf, agentsOf, draftOf, here, takenSkeletons } from "./queries.ts";
import { type AgentSealer, agentSealer, newAgentSealer } from "./sealing/queries.ts";
import { versionNumbers } from "./versions/queries.ts";
import type { AgentView } from "./view.ts";

type Color = (typeof agentColors)[number];
export type Identity = { name: string; handle?: string | undefined; color?: Color | undefined };

type Publishing = {
  message?: string | null | undefined;
  /** T-4.3-RESP1: the person who publishes says they have the rights to what is in it. Programs have agreed to the same. */
  attested: boolean;
};

type Creation = Identity & { content: AgentContent; source: "api" | "agent_builder_v1"; publish: Publishing | null };

/** A new agent (T-4.3-CREATE), shared as its workspace says (T-4.3-SHARE2); published at once, or a draft. */
export const createAgent = command({
  can: "agents.write",
  within: "workspace",
  run: async (ctx, { content, source, publish, ...identity }: Creation): Promise<AgentView> => {
    return transaction(ctx, async (ctx) => {
      const { organizationId, workspaceId, now: createdAt } = ctx;
      const place = await lockPlace(ctx);
      await refuseZeroRetention(ctx);
      await checkContent(ctx, content);
      const id = newId("agent", createdAt);
      const ownerId = memberBehind(ctx.actor);
      const named = await checkIdentity(ctx, identity);
      const color = identity.color ?? colorOf(id);
      const visibility = place.agentVisibility;
      const sealer = await newAgentSealer(id);
      const draft = publish ? {} : { draft: sealer.draft(content), draftBy: ownerId };
      const version = publish ? 0 : null;
      const row = {
        organizationId,
        workspaceId,
        id,
        ownerId,
        ...named,
        color,
        visibility,
        source,
        version,
        ...draft,
        key: sealer.wrapped,
      };
      await ctx.db.insert(agents).values({ ...row, createdAt, updatedAt: createdAt });
      await writeAudit(ctx, {
        action: "agent.create",
        object: { type: "agent", id },
        // The log cannot forget, so it has no name of what may be deleted.
        after: { visibility, model: content.model, source },
        clause: "T-4.3-CREATE",
      });
      if (publish) await insertVersion(ctx, { id, ...named, visibility }, 0, content, publish);
      if (ctx.actor.kind === "key" && ctx.actor.isService) await grantMaker(ctx, id);
      return agentOf(ctx, id);
    });
  },
});

/** A service key has no rights but those it is given, so that it keeps what it makes. */
async function grantMaker(ctx: Context, agentId: Id<"agent">): Promise<void> {
  await ctx.db.insert(agentGrants).values({
    organizationId: ctx.organizationId,
    agentId,
    subjectKind: "key",
    subjectId: ctx.actor.id as Id<"key">,
    level: "manage",
    createdAt: ctx.now,
  });
}

/** Colours come round in turn, so that a list of agents is not all of one. */
const colorOf = (id: Id<"agent">): Color =>
  agentColors[Number.parseInt(id.slice(-2), 16) % agentColors.length] ?? agentColors[0];

/** Changes of one workspace's agents follow each other, so that no two get the same handle. */
async function lockPlace(ctx: Context) {
  const [place] = await ctx.db
    .select({ agentVisibility: workspaces.agentVisibility })
    .from(workspaces)
    .where(eq(workspaces.id, ctx.workspaceId))
    .for("no key update");
  if (!place) throw new AppError("not_found", "This workspace is gone.");
  return place;
}

/** The answer holds until the transaction ends: what puts the workspace under zero retention waits for that. */
async function refuseZeroRetention({ db, organizationId, workspaceId }: Context): Promise<void> {
  const [row] = await db.execute<{ is_refused: boolean }>(
    sql`select is_zero_retention(${organizationId}, ${workspaceId})
      and 'agents' <> all (kept_classes(${organizationId}, ${workspaceId})) as is_refused`,
  );
  if (row?.is_refused) throw zeroRetention();
}

/** T-4.3-RESP2: the name and handle, or why they cannot be. Without a handle one is made of the name. */
async function checkIdentity(ctx: Context, { name, handle }: Identity, self?: Id<"agent">) {
  const provider = env().PROVIDER_NAME;
  const reserved = "This could be taken for the provider or its people. Choose another.";
  if (passesForProvider(name, provider)) throw refusedIdentity("name", reserved);
  const taken = await takenSkeletons(ctx, self);
  if (handle === undefined) {
    const made = handleOf(name);
    const base = made === null || passesForProvider(made, provider) ? "agent" : made;
    const free = freeHandle(base, taken);
    return { name, handle: free, skeleton: skeletonOf(free) };
  }
  if (passesForProvider(handle, provider)) throw refusedIdentity("handle", reserved);
  const skeleton = skeletonOf(handle);
  if (taken.has(skeleton)) {
    throw refusedIdentity("handle", "Another agent of this workspace has this handle, or one that looks like it.");
  }
  return { name, handle, skeleton };
}

const refusedIdentity = (field: "name" | "handle", message: string): AppError =>
  new AppError("invalid", message, { code: "agent_name_refused", fields: { [field]: [message] } });

/** A model of the platform that answers conversations, or a tuned one that its builder may use; not one that has ended. */
async function isAskable(ctx: Context, model: string): Promise<boolean> {
  const isTuned = model.startsWith(tunedPrefix);
  const name = isTuned ? await tunedBase(ctx, model) : model;
  const found = name === null ? null : await modelNamed(ctx, "agents.write", name);
  if (!found) return false;
  refuseGone(
    isTuned ? { ...found.model, id: model, tuned: { base: found.model } } : found.model,
    found.contract,
    ctx.now,
  );
  return found.model.capabilities.completion_chat;
}

/** What is published must work: its model is there, and who it hands over to can be used by the person who says so. */
async function checkContent(ctx: Context, content: AgentContent, self?: Id<"agent">): Promise<void> {
  if (!(await isAskable(ctx, content.model))) {
    const message = `There is no model ${content.model} that answers conversations.`;
    throw new AppError("invalid", message, { code: "invalid_model", fields: { model: [message] } });
  }
  if (!content.handoffs) return;
  const usable = new Set<string>(
    (await agentsOf(ctx, { usable: true })).filter(({ rights }) => rights.has("use")).map(({ id }) => id),
  );
  const wrong = content.handoffs.find((id) => id === self || !usable.has(id));
  if (!wrong) return;
  const message =
    wrong === self
      ? "An agent cannot hand over to itself."
      : `There is no agent ${wrong} that you may use to hand over to.`;
  throw new AppError("invalid", message, { fields: { handoffs: [message] } });
}

async function sealerIn(ctx: Context, id: Id<"agent">): Promise<AgentSealer> {
  const [row] = await ctx.db.select({ id: agents.id, key: agents.key }).from(agents).where(here(ctx, id));
  return agentSealer(row ?? { id, key: null });
}

type Published = Pick<AgentView, "id" | "name" | "handle" | "visibility">;

async function insertVersion(
  ctx: Context,
  agent: Published,
  version: number,
  content: AgentContent,
  { message, attested }: Publishing,
): Promise<void> {
  const { organizationId, now: createdAt } = ctx;
  const createdBy = memberBehind(ctx.actor);
  const attestedAt = attested ? createdAt : null;
  const sealed = (await sealerIn(ctx, agent.id)).version(version, content);
  const row = { organizationId, agentId: agent.id, version, content: sealed, message: message || null, createdBy };
  await ctx.db.insert(agentVersions).values({ ...row, createdAt, attestedAt });
  await writeAudit(ctx, {
    action: "agent.publish",
    object: { type: "agent", id: agent.id },
    after: { version, model: content.model, attested },
    clause: "T-4.3-RESP1",
  });
  await publishWebhookEvent(ctx, "agent.published", told(ctx, agent, version));
}

/** What webhooks are told of an agent: only of one that everyone in the workspace knows, its name. */
const told = ({ workspaceId }: Context, { id, name, handle, visibility }: Published, version: number) => ({
  agent_id: id,
  workspace_id: workspaceId,
  name: visibility === "workspace" ? name : null,
  handle: visibility === "workspace" ? handle : null,
  version,
});

/** Keeps what a builder is working on; no one else sees it before it is published. */
export const saveDraft = command({
  can: "agents.write",
  within: "workspace",
  input: draftInput,
  run: async (ctx, { agent: id, content }): Promise<AgentView> => {
    return transaction(ctx, async (ctx) => {
      await lockPlace(ctx);
      await refuseZeroRetention(ctx);
      const agent = await agentOf(ctx, id, "edit");
      const draft = (await sealerIn(ctx, agent.id)).draft(content);
      const set = { draft, draftBy: memberBehind(ctx.actor), updatedAt: ctx.now };
      await ctx.db.update(agents).set(set).where(here(ctx, id));
      // Once for a draft, however often it is saved: every try in the preview does.
      if (!agent.hasDraft) await writeAudit(ctx, { action: "agent.draft", object: { type: "agent", id } });
      return agentOf(ctx, agent.id);
    });
  },
});

/** Takes the draft away: what is published stays. */
export const discardDraft = command({
  can: "agents.write",
  within: "workspace",
  input: agentInput,
  run: async (ctx, { agent: id }): Promise<AgentView> => {
    return transaction(ctx, async (ctx) => {
      await lockPlace(ctx);
      const agent = await agentOf(ctx, id, "edit");
      if (agent.version === null) throw new AppError("conflict", "Nothing is published yet. Delete the agent instead.");
      await ctx.db.update(agents).set({ draft: null, draftBy: null }).where(here(ctx, id));
      await writeAudit(ctx, { action: "agent.discard-draft", object: { type: "agent", id } });
      return agentOf(ctx, id);
    });
  },
});

/** Makes the draft, or the content given, the version that answers from now on. */
export const publishAgent = command({
  can: "agents.write",
  within: "workspace",
  run: async (
    ctx,
    id: Id<"agent">,
    { content, ...publishing }: Publishing & { content?: AgentContent },
  ): Promise<AgentView> => {
    return transaction(ctx, async (ctx) => {
      await lockPlace(ctx);
      await refuseZeroRetention(ctx);
      const agent = await agentOf(ctx, id, "edit");
      const published = content ?? (await draftOf(ctx, id));
      await checkContent(ctx, published, id);
      const version = ((await versionNumbers(ctx, agent)).at(-1) ?? -1) + 1;
      await insertVersion(ctx, agent, version, published, publishing);
      await ctx.db.update(agents).set({ version, draft: null, draftBy: null, updatedAt: ctx.now }).where(here(ctx, id));
      return agentOf(ctx, id);
    });
  },
});

type IdentityChange = Partial<Identity> & { agent: Id<"agent">; deploymentChat?: boolean | undefined };

/** Gives an agent another name, handle or colour; what it answers stays. */
export const setIdentity = command({
  can: "agents.write",
  within: "workspace",
  run: async (ctx, { agent: id, ...change }: IdentityChange): Promise<AgentView> => {
    return transaction(ctx, async (ctx) => {
      await lockPlace(ctx);
      const before = await agentOf(ctx, id, "edit");
      const name = change.name ?? before.name;
      const handle = change.handle ?? before.handle;
      const isRenamed = name !== before.name || handle !== before.handle;
      if (isRenamed) await agentOf(ctx, id, "manage");
      const named = isRenamed ? await checkIdentity(ctx, { name, handle }, id) : {};
      const color = change.color ?? before.color;
      const deploymentChat = change.deploymentChat ?? before.deploymentChat;
      await ctx.db
        .update(agents)
        .set({ ...named, color, deploymentChat, updatedAt: ctx.now })
        .where(here(ctx, id));
      if (isRenamed) {
        const changed = { name: name !== before.name, handle: handle !== before.handle };
        await writeAudit(ctx, { action: "agent.rename", object: { type: "agent", id }, after: { changed } });
      }
      return agentOf(ctx, id);
    });
  },
});
