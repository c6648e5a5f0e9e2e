import { type Id, newId } from "#db/id.ts";
import type { Context } from "#lib/core/context.ts";
import { agentFilter } from "#lib/domain/agents/builder/input.ts";
import { modelNames } from "#lib/domain/agents/builder/queries.ts";
import { askedAgent, callableAgents, handedOver, handoffTargets } from "#lib/domain/agents/completions/queries.ts";
import { agentPage } from "#lib/domain/agents/listing/queries.ts";
import {
  agentOf,
  agentsOf,
  draftOf,
  notThere,
  standingOf,
  standingOfPerson,
  takenSkeletons,
} from "#lib/domain/agents/queries.ts";
import { receiptsOf } from "#lib/domain/agents/receipts/queries.ts";
import { agentKind } from "#lib/domain/agents/rules.ts";
import { agentsAs, explain, reachOf, sharingOf } from "#lib/domain/agents/sharing/queries.ts";
import { exportOf } from "#lib/domain/agents/transfer/queries.ts";
import { aliasesOf, publishedOf, versionNumbers, versionOf, versionsOf } from "#lib/domain/agents/versions/queries.ts";
import { branchesOf, conversationOf, conversationsOf, entriesOf } from "#lib/domain/conversations/queries.ts";
import { keepResponse } from "#lib/domain/conversations/responses/commands.ts";
import { chainOf, entriesNamed, isContinued, responseOf } from "#lib/domain/conversations/responses/queries.ts";
import { keepTurn } from "#lib/domain/conversations/turns/commands.ts";
import { mayKeep } from "#lib/domain/retention/queries.ts";
import {
  callerStanding,
  everyoneHere,
  groupsHere,
  leftOfLimits,
  peopleHere,
  personStanding,
  serviceKeysHere,
  sharingChoices,
  sharingPlace,
} from "#lib/domain/sharing/queries.ts";
import type { Operation } from "./operations.ts";

const everybody = { visibility: "workspace" as const, grants: [] };

/** Done with an agent by who may see it. */
const seeing = (run: (ctx: Context, id: Id<"agent">) => Promise<unknown>): Operation => ({
  can: "agents.read",
  within: "workspace",
  run: (ctx, { agent }) => run(ctx, agent),
});

/** Done with an agent by who may change or manage it. */
const changing = (run: (ctx: Context, id: Id<"agent">) => Promise<unknown>): Operation => ({
  ...seeing(run),
  can: "agents.write",
  isChoosy: true,
});

/** Done with a conversation by whose it is. */
const holding = (run: (ctx: Context, id: Id<"conversation">) => Promise<unknown>): Operation => ({
  can: "conversations.use",
  within: "workspace",
  isChoosy: true,
  run: (ctx, { conversation }) => run(ctx, conversation),
});

const agentWork: Record<string, Operation> = {
  callerStanding: { can: "agents.read", run: (ctx) => callerStanding(ctx, agentKind) },
  personStanding: { can: "agents.read", run: (ctx, { person }) => personStanding(ctx, agentKind, person) },
  sharingPlace: { can: "agents.read", run: (ctx) => sharingPlace(ctx, agentKind) },
  peopleHere: { can: "agents.read", run: (ctx) => peopleHere(ctx, agentKind) },
  groupsHere: { can: "agents.read", run: (ctx) => groupsHere(ctx, agentKind) },
  serviceKeysHere: { can: "agents.read", run: (ctx) => serviceKeysHere(ctx, agentKind) },
  sharingChoices: { can: "agents.read", run: (ctx) => sharingChoices(ctx, agentKind, []) },
  everyoneHere: { can: "agents.read", run: (ctx) => everyoneHere(ctx, agentKind) },
  leftOfLimits: { can: "models.read", run: leftOfLimits },
  standingOf: { can: "agents.read", run: standingOf },
  standingOfPerson: { can: "agents.read", run: (ctx, { person }) => standingOfPerson(ctx, person) },
  mayKeep: { can: "workspace.read", run: (ctx) => mayKeep(ctx, "agents") },
  agentPage: { can: "agents.read", run: (ctx) => agentPage(ctx, agentFilter.parse({})) },
  agentsOf: { can: "agents.read", run: (ctx) => agentsOf(ctx) },
  modelNames: { can: "agents.read", run: async (ctx) => modelNames(ctx, await agentsOf(ctx)) },
  publishedOf: { can: "agents.read", run: async (ctx) => publishedOf(ctx, await agentsOf(ctx)) },
  receiptsOf: { can: "agents.read", run: receiptsOf },
  notThere: { can: "agents.read", run: async (ctx, { goneAgent }) => (await notThere(ctx, goneAgent)).message },
  takenSkeletons: { can: "agents.write", run: async (ctx) => [...(await takenSkeletons(ctx))] },
  agentOf: seeing(agentOf),
  versionsOf: seeing(versionsOf),
  versionNumbers: seeing(async (ctx, id) => versionNumbers(ctx, await agentOf(ctx, id))),
  versionOf: seeing(async (ctx, id) => versionOf(ctx, await agentOf(ctx, id))),
  aliasesOf: seeing(aliasesOf),
  exportOf: seeing(exportOf),
  askedAgent: { ...seeing(askedAgent), can: "agents.use" },
  callableAgents: { can: "agents.use", run: async (ctx) => [...(await callableAgents(ctx))] },
  handoffTargets: { ...seeing(async (ctx, id) => handoffTargets(ctx, await askedAgent(ctx, id))), can: "agents.use" },
  handedOver: {
    ...seeing((ctx, id) => handedOver(ctx, { id, name: "x", handle: "x", description: null })),
    can: "agents.use",
    isQuiet: true,
  },
  draftOf: { ...changing(draftOf), can: "agents.read" },
  sharingOf: { ...changing(sharingOf), can: "agents.read" },
  reachOf: { ...changing((ctx, id) => reachOf(ctx, id, everybody)), can: "agents.read" },
  explain: {
    can: "agents.read",
    within: "workspace",
    isChoosy: true,
    run: (ctx, { agent, person }) => explain(ctx, agent, person),
  },
  agentsAs: {
    can: "agents.read",
    within: "organization",
    isChoosy: true,
    run: (ctx, { person }) => agentsAs(ctx, person),
  },
};

/** Done with a stored response by whose it is. */
const answering = (run: (ctx: Context, id: Id<"response">) => Promise<unknown>): Operation => ({
  ...holding(() => Promise.resolve()),
  run: (ctx, { response }) => run(ctx, response),
});

const conversationWork: Record<string, Operation> = {
  conversationsOf: { can: "conversations.use", run: (ctx) => conversationsOf(ctx) },
  keepTurn: holding(async (ctx, id) =>
    keepTurn(ctx, { conversation: await conversationOf(ctx, id), isNew: false }, []),
  ),
  conversationOf: holding(conversationOf),
  entriesOf: holding(entriesOf),
  branchesOf: { ...holding(branchesOf), isQuiet: true },
  responseOf: answering(responseOf),
  chainOf: answering(chainOf),
  isContinued: { ...answering(isContinued), isQuiet: true },
  entriesNamed: { ...holding((ctx, id) => entriesNamed(ctx, [id])), isQuiet: true },
  keepResponse: holding(async (ctx, id) => {
    const place = { conversation: await conversationOf(ctx, id), isNew: false };
    const content = { input: [], response: { output: [] }, entries: [] };
    await keepResponse(ctx, place, [], {
      id: newId("response", ctx.now),
      conversationId: id,
      previousId: null,
      ...content,
    });
  }),
};

/** What people do with agents and conversations. */
export const building: Record<string, Operation> = { ...agentWork, ...conversationWork };
