import fs from "node:fs";
import path from "node:path";
import { z } from "zod";
import { type IdKind, newId } from "#db/id.ts";
import type { Command, Within } from "#lib/core/command.ts";
import { newLastingKey } from "#lib/core/keyring/lasting.ts";
import { emptyContent } from "#lib/domain/agents/rules.ts";
import { fileOf } from "#lib/domain/agents/transfer/rules.ts";
import { createBatchInput } from "#lib/domain/batch/input.ts";
import { keepInput } from "#lib/domain/files/input.ts";
import { openInput } from "#lib/domain/help/input.ts";
import { StatisticsCount } from "#lib/engine/datasets/statistics.ts";
import { frenchProfile } from "#lib/testing/billing.ts";
import { jobAsked } from "#lib/testing/tuning.ts";
import { type Place, tunableBase } from "#lib/testing/world.ts";
import type { Operation } from "./operations.ts";

type AnyCommand = Command<Within, unknown[], unknown> & { input?: z.ZodType };

const content = emptyContent("test-model");

const hook = { url: "http://127.0.0.1:9/hook", description: "new", eventTypes: ["api_key.created"] };
const chat = { name: "new", acknowledged: 1, events: ["api_key.created"] };
const draft = { name: "new", scopes: ["completions:create"], models: null, addresses: null, expiresInDays: null };
const sideOfTrial = { promptTokens: 1, cachedTokens: 0, completionTokens: 1, ms: 1 };

const newBlob = newId("blob", new Date("2026-11-29T12:00:00Z"));
/** Made when there is a keyring, which those who only read schemas have not. */
let newBlobKey: Buffer = Buffer.alloc(0);

/** Commands without a schema, or whose form no word fits: what they are given. */
const given: Record<string, (place: Place) => unknown[]> = {
  createKey: () => [draft],
  revokeKeys: ({ key }) => [{ ids: [key] }],
  revokeInvitations: ({ invitation }) => [{ ids: [invitation] }],
  createWebhook: () => [hook],
  changeWebhook: ({ webhook: id }) => [{ id, ...hook }],
  connectService: () => [{ ...chat, connector: "slack", scope: "workspace", secretUrl: hook.url }],
  changeConnection: ({ connection: id }) => [{ ...chat, id, connector: "slack" }],
  restrictConnector: ({ workspaceId: workspace }) => [{ connector: "slack", workspace, rule: "restricted" }],
  finishOauth: () => [{ answer: "state=new&code=new" }],
  createAgent: () => [{ name: "new", content, source: "api", publish: null }],
  importAgent: () => [fileOf({ name: "new", handle: "new", color: "teal" }, content)],
  saveDraft: ({ agent }) => [{ agent, content }],
  publishAgent: ({ agent }) => [agent, { content, attested: true }],
  setIdentity: ({ agent }) => [{ agent, name: "new" }],
  renameConversation: ({ conversation }) => [conversation, "new"],
  deleteConversation: ({ conversation }) => [conversation],
  deleteResponse: ({ response }) => [response],
  setSharing: ({ agent }) => [{ agent, visibility: "restricted", grants: [] }],
  verifyDomain: () => ["elsewhere.example"],
  invite: () => [{ emails: ["new@example.com"], roles: ["member"], grants: [] }],
  setWorkspaceRoles: ({ person }) => [person, ["user"]],
  addToWorkspace: ({ person }) => [person, ["user"]],
  setPlan: () => ["free"],
  renameWorkspace: () => ["new"],
  setAgentVisibility: () => ["restricted"],
  copyKeyLimits: ({ key }) => [{ from: key, to: key }],
  setEndUserMode: () => [{ mode: "hash" }],
  objectToSubprocessor: () => [
    { id: newId("subprocessor", new Date("2026-01-01T00:00:00Z")), body: "It is not where we can send this." },
  ],
  endOverSubprocessor: () => [{ id: newId("subprocessor", new Date("2026-01-01T00:00:00Z")) }],
  forgetEndUser: () => [{ end_user: "ada" }],
  setWebOrigins: () => [{ origins: ["https://new.example"] }],
  requestZeroRetention: () => [
    {
      scope: "organization",
      reason: "contract",
      words: "Our customers do not let us keep anything of what they ask.",
      dataClasses: ["personal"],
      keepClasses: [],
      mayAsk: "on",
      takesOver: "on",
      hasExported: "on",
    },
  ],
  keepTrial: () => [{ model: "none", judged: [{ current: sideOfTrial, replacement: sideOfTrial, verdict: "same" }] }],
  giveNotice: ({ word }) => [{ endsAt: new Date("2030-01-01T00:00:00Z"), name: word, keysDeleted: "on" }],
  agreeToChange: () => [{ documentId: newId("document", new Date("2026-01-01T00:00:00Z")), sha256: "a".repeat(64) }],
  signDataProcessing: () => [
    { documentId: newId("document", new Date("2026-01-01T00:00:00Z")), sha256: "a".repeat(64) },
  ],
  disagree: () => [{ documentId: newId("document", new Date("2026-01-01T00:00:00Z")), endsAt: null, words: null }],
  resubscribe: () => [
    { agree: "on", documentId: newId("document", new Date("2026-01-01T00:00:00Z")), sha256: "a".repeat(64) },
  ],
  deleteOrganization: ({ word }) => [{ name: word }],
  saveProfile: () => [frenchProfile],
  openDispute: ({ invoice: invoiceId }) => [
    { invoiceId, wants: "credit", reason: "More than was used.", lines: [{ line: 1, amount: 1_00n }] },
  ],
  beginSetup: () => [{ returnTo: "/billing" }],
  beginPayment: ({ invoice: invoiceId }) => [{ invoiceId, returnTo: "/billing" }],
  completePage: ({ hostedPage }) => [hostedPage],
  collect: ({ invoice }) => [invoice],
  lookUp: ({ payment }) => [payment],
  render: ({ invoice }) => [invoice],
  closeMonth: () => ["2026-01-01"],
  mendFile: ({ file }) => [{ file, dryRun: true }],
  splitFile: ({ file }) => [{ file, share: 0.05, seed: 0 }],
  linkFile: ({ file }) => [{ file, hours: 1 }],
  beginUpload: () => [{ about: keepInput.parse({ file: "new.jsonl" }), bytes: 3 }],
  takeUpload: ({ upload }) => [{ upload }, 0],
  endUpload: ({ upload }) => [{ upload }],
  giveTicket: () => [{ name: "new.jsonl", bytes: 3 }],
  keepFile: () => [
    keepInput.parse({ file: "new.jsonl" }),
    {
      id: newBlob,
      sha256: "new",
      bytes: 3,
      key: newBlobKey,
      lineEnds: [],
      lines: 1,
      check: {
        kind: "instruct",
        good: 1,
        bad: 0,
        problems: [],
        counts: {},
        statistics: new StatisticsCount().statistics(),
      },
    },
  ],
  createBatch: ({ key }) => [
    createBatchInput.parse({ requests: [{ body: {} }], endpoint: "/v1/chat/completions", key }),
  ],
  deleteBatch: ({ endedBatch }) => [{ batch: endedBatch }],
  createJob: ({ file }) => [jobAsked(file, { model: tunableBase })],
  estimateJob: ({ file }) => [jobAsked(file, { model: tunableBase })],
  renameTunedModel: ({ tunedModel: model }) => [{ model, name: "new" }],
  archiveTunedModel: ({ tunedModel: model }) => [{ model }],
  restoreTunedModel: ({ tunedModel: model }) => [{ model }],
  chooseCheckpoint: ({ tunedModel: model }) => [{ model, step: 10 }],
  keepAnswers: ({ tunedModel: model }) => [{ model, step: 10, answers: [null] }],
  askForReview: ({ tunedModel: model }) => [{ model, step: 10 }],
  setTunedModelSharing: ({ tunedModel: model }) => [{ model, visibility: "restricted", grants: [] }],
  deleteTunedModel: ({ tunedModel: model }) => [{ model, force: "false" }],
  signTransfer: ({ tunedModel: model }) => [{ model, distributor: "new", until: "2099-01-01", confirm: "yes" }],
  fetchWeights: ({ tunedModel: model }) => [{ model }],
  serveTunedModel: ({ tunedModel: model }) => [{ model, upstreamModel: "new", upstreams: null }],
  createTrainer: () => [{ name: "new", models: ["new"] }],
  revokeTrainer: () => [{ id: newId("trainer", new Date("2026-11-29T12:00:00Z")) }],
  openTicket: () => [openInput.parse({ kind: "question", subject: "new", body: "new" })],
  replyToTicket: ({ ticket: ticketId }) => [{ ticketId, body: "new", files: [] }],
  uploadFile: () => [{ name: "new.txt", bytes: Buffer.from("new") }],
  objectToInvoice: ({ invoice: invoiceId }) => [
    { invoiceId, wants: "credit", reason: "More than was used.", lines: [{ line: 1, amount: 1_00n }] },
  ],
};

/** Refused with "forbidden" for another reason than the permission too, such as whose key it is. */
const choosy = new Set(
  "setRequirement rotateKey revokeKey revokeKeys reportLeakedKey setKeyLimit copyKeyLimits saveDraft switchAgentModel discardDraft publishAgent setIdentity switchVersion setAlias removeAlias deleteAgent setSharing renameTunedModel archiveTunedModel restoreTunedModel chooseCheckpoint setTunedModelSharing deleteTunedModel passOwnership duplicateAgent renameConversation deleteConversation deleteResponse replyToTicket resolveTicket addPerson rateTicket reportLeak takeUpload endUpload splitFile createBatch runBatchAgain changeConnection pauseConnection resumeConnection disconnectService testConnection replayEvent".split(
    " ",
  ),
);

/** Do nothing about what is not there, instead of refusing: what they would do is done already. */
const quiet = new Set(["copyKeyLimits", "removeMethod", "completePage"]);

/** What a form of a schema could send about a place: ids by their kind, for the rest the first that the schema takes. */
export function filled(schema: z.ZodType, place: Place): unknown {
  const kind = schema.meta()?.kind as IdKind | undefined;
  if (kind) return idIn(place, kind);
  if (schema instanceof z.ZodObject) {
    const shape = schema.shape as Record<string, z.ZodType>;
    return Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, filled(field, place)]));
  }
  if (schema instanceof z.ZodEnum) return schema.options[0];
  const found = words.find((word) => schema.safeParse(word).success);
  if (found === undefined && !schema.safeParse(undefined).success)
    throw new Error(`No word fits a field of type ${schema.def.type}.`);
  return found;
}

const words: unknown[] = [
  "new",
  "on",
  "1",
  "new@example.com",
  "elsewhere.example",
  "http://127.0.0.1:9/hook",
  "More of everything, for a good reason.",
  ["member"],
  ["dev"],
  ["api_key.created"],
  "member",
  "completions:create",
  "",
  null,
  [],
];

function idIn(place: Place, kind: IdKind): string {
  const own: Partial<Record<IdKind, string>> = {
    ...place,
    organization: place.organizationId,
    workspace: place.workspaceId,
    user: place.person,
    webhookEndpoint: place.webhook,
    webhookDelivery: place.delivery,
    modelTransfer: place.modelTransfer,
    connectionDelivery: place.connectionDelivery,
  };
  const id = own[kind];
  if (!id) throw new Error(`The world has no ${kind}.`);
  return id;
}

function argumentsOf(name: string, { input }: AnyCommand, place: Place): unknown[] {
  const own = given[name];
  if (own) return own(place);
  try {
    return input ? [input.parse(filled(input, place))] : [];
  } catch (cause) {
    throw new Error(`Nothing to try ${name} with: say what it is given.`, { cause });
  }
}

/** Where what a command names has to lie, from the ids it is given. */
function reachOf(sent: string, place: Place): Operation["within"] {
  const names = (id: string) => sent.includes(id);
  if (
    [
      place.key,
      place.request,
      place.agent,
      place.conversation,
      place.response,
      place.file,
      place.upload,
      place.tuningJob,
      place.batch,
      place.endedBatch,
      place.tunedModel,
    ].some(names)
  )
    return "workspace";
  return Object.values(place).some(names) ? "organization" : undefined;
}

/** Every schema of what a form may send, by where it is exported. */
export async function everyInput(): Promise<[string, z.ZodType][]> {
  const files = fs.readdirSync("lib/domain", { recursive: true, encoding: "utf8" });
  const named = files.filter((name) => ["commands.ts", "input.ts"].includes(path.basename(name)));
  const found = await Promise.all(
    named.map(async (name) => {
      const exported: Record<string, unknown> = await import(path.resolve("lib/domain", name));
      return Object.entries(exported).map(([called, value]): [string, unknown] => [`${name}: ${called}`, value]);
    }),
  );
  return found.flat().flatMap(([name, value]): [string, z.ZodType][] => {
    const schema = typeof value === "function" ? (value as { input?: unknown }).input : value;
    return schema instanceof z.ZodType ? [[name, schema]] : [];
  });
}

/** Every command there is, by the name it is exported under. */
export async function everyCommand(): Promise<[string, AnyCommand][]> {
  const files = fs.readdirSync("lib/domain", { recursive: true, encoding: "utf8" });
  const modules: Record<string, AnyCommand>[] = await Promise.all(
    files
      .filter((name) => path.basename(name) === "commands.ts")
      .map((name) => import(path.resolve("lib/domain", name))),
  );
  // What commands share is exported beside them, and no way in can call it.
  return modules.flatMap((module) => Object.entries(module).filter(([, { can }]) => can !== undefined));
}

/** Every command about an organization or a workspace but those that are left out, read from its value. */
export async function commandOperations(place: Place, isLeftOut: (name: string) => boolean) {
  ({ wrapped: newBlobKey } = await newLastingKey(newBlob));
  const commands = (await everyCommand()).filter(([name, { within }]) => within !== "account" && !isLeftOut(name));
  return Object.fromEntries(
    commands.map(([name, command]): [string, Operation] => {
      const within = reachOf(JSON.stringify(argumentsOf(name, command, place), exact), place);
      const run: Operation["run"] = async (ctx, there) => command(ctx, ...argumentsOf(name, command, there));
      const how = { isChoosy: choosy.has(name), isQuiet: quiet.has(name) };
      return [name, { can: command.can, ...(within && { within }), ...how, run }];
    }),
  );
}

const exact = (_name: string, value: unknown): unknown => (typeof value === "bigint" ? String(value) : value);
