import { type Id, newId } from "#db/id.ts";
import {
  type AgentContent,
  agentAliases,
  agentGrants,
  agentReports,
  agents,
  agentVersions,
} from "#db/schema/agents.ts";
import { at, type Seeded } from "./people.ts";
import { daysBefore, type World } from "./world.ts";

type Row = typeof agents.$inferInsert;
type Published = { daysAgo: number; by: number; message: string | null; content: AgentContent };
type Draft = Pick<Row, "name" | "handle" | "skeleton" | "color"> & {
  /** Whose it is, by their place among the people. */
  owner: number;
  daysAgo: number;
  versions?: Published[];
  draft?: AgentContent;
  alias?: { alias: string; version: number };
  /** Who alone may use it, beside its owner. */
  only?: number[];
};

const saying = (instructions: string, more: Partial<AgentContent> = {}): AgentContent => ({
  model: "tiny-chat-1",
  description: null,
  instructions,
  examples: [],
  tools: [],
  completion_args: {},
  handoffs: null,
  metadata: null,
  ...more,
});

const planning = "You plan journeys by train within Europe.\nAnswer in at most five sentences.";
const findTrains = {
  type: "function" as const,
  function: {
    name: "find_trains",
    description: "Finds trains between two cities on a day",
    strict: false,
    parameters: {
      type: "object",
      properties: {
        from: { type: "string" },
        to: { type: "string" },
        day: { type: "string", description: "As 2026-03-14" },
      },
      required: ["from", "to", "day"],
    },
  },
};

const planner: Draft = {
  name: "Travel planner",
  handle: "travel-planner",
  skeleton: "travelplanner",
  color: "teal",
  owner: 3,
  daysAgo: 40,
  alias: { alias: "production", version: 0 },
  versions: [
    {
      daysAgo: 38,
      by: 3,
      message: "First version",
      content: saying(planning, { description: "Plans journeys by train", completion_args: { temperature: 0.3 } }),
    },
    {
      daysAgo: 12,
      by: 0,
      message: "Asks for dates, and looks trains up",
      content: saying(`${planning}\nAsk for the dates before you propose anything.\nNever invent departure times.`, {
        description: "Plans journeys by train and looks up connections",
        completion_args: { temperature: 0.2, max_tokens: 400 },
        tools: [findTrains],
        examples: [
          { input: "I want to see Vienna.", output: "Gladly. From where would you travel, and on which days?" },
        ],
      }),
    },
  ],
};

const triage: Draft = {
  name: "Ticket triage",
  handle: "ticket-triage",
  skeleton: "tlckettrlage",
  color: "violet",
  owner: 0,
  daysAgo: 25,
  versions: [
    {
      daysAgo: 24,
      by: 0,
      message: null,
      content: saying("Sort the message into one of: billing, fault, question. Say how urgent it is from 1 to 3.", {
        description: "Sorts what customers write",
        completion_args: {
          temperature: 0,
          response_format: {
            type: "json_schema",
            json_schema: {
              name: "triage",
              strict: true,
              schema: {
                type: "object",
                properties: {
                  kind: { type: "string", enum: ["billing", "fault", "question"] },
                  urgency: { type: "integer", minimum: 1, maximum: 3 },
                },
                required: ["kind", "urgency"],
                additionalProperties: false,
              },
            },
          },
        },
        examples: [
          { input: "I was charged twice in May.", output: '{"kind":"billing","urgency":2}' },
          { input: "Nothing answers since this morning!", output: '{"kind":"fault","urgency":3}' },
        ],
      }),
    },
  ],
};

const reader: Draft = {
  name: "Contract reader",
  handle: "contract-reader",
  skeleton: "contractreader",
  color: "amber",
  owner: 0,
  daysAgo: 18,
  only: [1],
  versions: [
    {
      daysAgo: 18,
      by: 0,
      message: "For the people who sign",
      content: saying("Name the parties, the term, and every date by which somebody has to act.", {
        description: "Finds what binds whom, and until when",
      }),
    },
  ],
};

const notes: Draft = {
  name: "Release notes",
  handle: "release-notes",
  skeleton: "releasenotes",
  color: "pink",
  owner: 3,
  daysAgo: 2,
  draft: saying("Turn the list of changes into notes a customer understands. No adjectives."),
};

/** What the people of an organization have built: two agents in use, one for few, and a draft; one of them is complained about. */
export async function seedAgents(world: World, seeded: Seeded): Promise<void> {
  for (const draft of [planner, reader, notes]) await seedAgent(world, seeded, draft);
  await seedReport(world, seeded, await seedAgent(world, seeded, triage));
}

async function seedReport(world: World, { organizationId, workspaceIds, userIds }: Seeded, agentId: Id<"agent">) {
  const reportedAt = daysBefore(world.now, 1);
  await world.db.insert(agentReports).values({
    organizationId,
    id: newId("agentReport", reportedAt),
    workspaceId: at(workspaceIds, 0),
    agentId,
    name: triage.name,
    handle: triage.handle,
    reason: "rights",
    details: "Ticket Triage is the product of a company we compete with, and a registered trademark.",
    reportedBy: at(userIds, 4),
    reportedAt,
  });
}

async function seedAgent(
  world: World,
  { organizationId, workspaceIds, userIds }: Seeded,
  draft: Draft,
): Promise<Id<"agent">> {
  const { name, handle, skeleton, color, versions = [], alias, only } = draft;
  const createdAt = daysBefore(world.now, draft.daysAgo);
  const id: Id<"agent"> = newId("agent", createdAt);
  const ownerId = at(userIds, draft.owner);
  const last = versions.at(-1);
  const sealer = await world.sealAgent(id);
  await world.db.insert(agents).values({
    organizationId,
    id,
    workspaceId: at(workspaceIds, 0),
    ownerId,
    name,
    handle,
    skeleton,
    color,
    visibility: only ? "restricted" : "workspace",
    source: "agent_builder_v1",
    version: last ? versions.length - 1 : null,
    key: sealer.wrapped,
    draft: draft.draft ? sealer.draft(draft.draft) : null,
    draftBy: draft.draft ? ownerId : null,
    createdAt,
    updatedAt: last ? daysBefore(world.now, last.daysAgo) : createdAt,
  });
  for (const [version, { daysAgo, by, message, content }] of versions.entries()) {
    const publishedAt = daysBefore(world.now, daysAgo);
    const sealed = sealer.version(version, content);
    const row = { organizationId, agentId: id, version, content: sealed, message, createdBy: at(userIds, by) };
    await world.db.insert(agentVersions).values({ ...row, createdAt: publishedAt, attestedAt: publishedAt });
  }
  if (alias) {
    const moved = { createdAt, updatedAt: createdAt };
    await world.db.insert(agentAliases).values({ organizationId, agentId: id, ...alias, ...moved });
  }
  for (const person of only ?? []) {
    const grant = { subjectKind: "user" as const, subjectId: at(userIds, person), level: "use" as const, createdAt };
    await world.db.insert(agentGrants).values({ organizationId, agentId: id, ...grant });
  }
  return id;
}
