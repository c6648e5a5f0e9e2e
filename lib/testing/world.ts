import "#lib/testing/dataset-worker.ts";
import { desc, eq } from "drizzle-orm";
import type { Db, Sql } from "#db/client.ts";
import { type Id, newId } from "#db/id.ts";
import { suspensions } from "#db/schema/abuse.ts";
import { conversations, responses } from "#db/schema/conversations.ts";
import { holds } from "#db/schema/holds.ts";
import { masterAgreements, orderTerms, purchaseOrders } from "#db/schema/orders.ts";
import { deletionReceipts } from "#db/schema/receipts.ts";
import { usageRows } from "#db/usage-rows.ts";
import {
  anonymousPermissions,
  type MemberRole,
  memberRoles,
  permissionsOf,
  rolePermissions,
  workspaceRoles,
} from "#lib/core/access/roles.ts";
import type { Context } from "#lib/core/context.ts";
import { inWorkspace } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { newLastingKey, sealLasting } from "#lib/core/keyring/lasting.ts";
import { pico } from "#lib/core/money.ts";
import { seal } from "#lib/core/secrets.ts";
import { createAdminKey } from "#lib/domain/admin-keys/commands.ts";
import { deleteAgent } from "#lib/domain/agents/receipts/commands.ts";
import { sealedParts } from "#lib/domain/conversations/queries.ts";
import { addDomain } from "#lib/domain/domains/commands.ts";
import { keepFile } from "#lib/domain/files/commands.ts";
import { receiveContent } from "#lib/domain/files/contents/commands.ts";
import { keepInput } from "#lib/domain/files/input.ts";
import { beginUpload } from "#lib/domain/files/uploads/commands.ts";
import { addToGroup, createGroup } from "#lib/domain/groups/commands.ts";
import { createWebhook, testWebhook } from "#lib/domain/integrations/commands.ts";
import { invite } from "#lib/domain/invitations/commands.ts";
import { createKey } from "#lib/domain/keys/commands.ts";
import { setRoles } from "#lib/domain/leaving/commands.ts";
import { setKeyLimit, setOrganizationLimit, setWorkspaceLimit } from "#lib/domain/limits/commands.ts";
import { nameContact } from "#lib/domain/notices/contact/commands.ts";
import { agreementLabel, fileLabel } from "#lib/domain/orders/rules.ts";
import { requestRates } from "#lib/domain/rates/commands.ts";
import { createWorkspace } from "#lib/domain/workspaces/commands.ts";
import { requestZeroRetention } from "#lib/domain/zero-retention/commands.ts";
import { testAgent } from "./agents.ts";
import { testAssistance } from "./assistance.ts";
import { type Bills, testBills, testDisputeFile } from "./bills.ts";
import { type TestConnection, testConnectionOf } from "./connected.ts";
import { testTicketWithFile } from "./help.ts";
import { testUsageRow } from "./metering.ts";
import { type TestJobs, testJobs } from "./test-jobs.ts";
import { testTunedModel } from "./tuned-model.ts";
import { tunable } from "./tuning.ts";
import { testWorkspace } from "./workspace.ts";
import { zeroRetentionAsk } from "./zero-retention.ts";

/** What a workspace of the world has, for a person to reach for. */
export type Place = {
  /** What its organization is called. */
  word: string;
  organizationId: Id<"organization">;
  workspaceId: Id<"workspace">;
  key: Id<"key">;
  request: Id<"request">;
  /** A person who works there and nowhere else. */
  person: Id<"user">;
  group: Id<"group">;
  invitation: Id<"invitation">;
  adminKey: Id<"adminKey">;
  webhook: Id<"webhookEndpoint">;
  delivery: Id<"webhookDelivery">;
  domain: Id<"domain">;
  rateRequest: Id<"rateRequest">;
  /** Asked for by the admin, and not decided. */
  zeroRetention: Id<"zeroRetention">;
  event: string;
  contactChange: Id<"contactChange">;
  /** That of the person, shared with everyone in its workspace. */
  agent: Id<"agent">;
  /** An approved order that holds some day, with its file. */
  order: Id<"order">;
  /** The master agreement it was placed under. */
  agreement: Id<"agreement">;
  disputeFile: Id<"disputeFile">;
  /** Of the organization's admin, with a file. */
  ticket: Id<"ticket">;
  ticketFile: Id<"ticketFile">;
  /** One that is deleted. */
  goneAgent: Id<"agent">;
  /** One that is in force. */
  suspension: Id<"suspension">;
  hold: Id<"hold">;
  /** The receipt of that. */
  deletionReceipt: Id<"deletionReceipt">;
  /** The person's own. */
  conversation: Id<"conversation">;
  /** A turn of it. */
  response: Id<"response">;
  /** Everyone in its workspace sees it. */
  file: Id<"file">;
  upload: Id<"upload">;
  /** Shared with everyone in its workspace. */
  tunedModel: string;
  /** Signed by the admin, and not carried out. */
  modelTransfer: Id<"modelTransfer">;
  /** Offered by staff, and not agreed to. */
  assistanceGrant: Id<"assistanceGrant">;
} & Bills &
  TestJobs &
  TestConnection;

export type Somebody = Context & { label: string; isWide: boolean };
export type TestWorld = { places: Place[]; people: Somebody[]; canaries: Map<string, string> };

const most = pico(10n ** 15n);
export const tunableBase = "tunable";

/** Three organizations of two workspaces, in each of which a person has every role; everything has its organization's word in it. */
export async function testWorld(db: Db, sql: Sql): Promise<TestWorld> {
  await sql`select ensure_usage_partition(now()), ensure_contents_partition(now())`;
  // Nothing is sent anywhere; an address has to be one that could be.
  Object.assign(env(), { OUTGOING_ALLOWED_RANGES: "127.0.0.0/8", DEMO: "on" });
  const world: TestWorld = { places: [], people: [], canaries: new Map() };
  await tunable(sql, tunableBase);
  for (const word of ["aardvark", "bumblebee", "cassowary"]) await addOrganization(world, { db, sql, word });
  return world;
}

type Making = { db: Db; sql: Sql; word: string };

async function addOrganization(world: TestWorld, { db, sql, word }: Making): Promise<void> {
  const admin = asEntered(await testWorkspace(db));
  const { organizationId } = admin;
  world.canaries.set(organizationId, word);
  await sql`update organizations set name = ${word} where id = ${organizationId}`;
  await sql`update users set name = ${`${word} admin`}, email = ${`admin@${word}.example`} where id = ${admin.actor.id}`;
  const second = await createWorkspace(admin, { name: `${word} second` });
  const bills = await testBills({ db, sql, ctx: admin, word });
  const disputeFile = await testDisputeFile({ sql, ctx: admin, word }, bills.dispute);
  const shared = {
    ...(await organizationThings(admin, word)),
    ...bills,
    disputeFile,
    ...(await ordersOf(db, admin, word)),
    suspension: await suspensionOf(db, admin, word),
    hold: await holdOf(db, admin, word),
    ...(await testTicketWithFile(admin, word)),
    assistanceGrant: await testAssistance(db, admin, word),
  };
  for (const workspaceId of [admin.workspaceId, second.id]) {
    const here: Context = inWorkspace(admin, workspaceId);
    const workers = await workersOf(db, here, word);
    world.people.push(...workers);
    const things = await workspaceThings(here, sql, word);
    const [person] = workers;
    if (!person) throw new Error("Nobody works there.");
    const built = {
      ...(await agentThings(db, person, word)),
      file: await fileOf(here, word),
      upload: await uploadIn(here, word),
      ...(await testJobs(db, here, { word, base: tunableBase })),
      ...(await testTunedModel(here, word)),
      ...(await testConnectionOf(db, here, word)),
    };
    world.places.push({ word, organizationId, workspaceId, person: idOf(person), ...shared, ...things, ...built });
  }
  world.people.push({ ...admin, label: `${word}: organization admin`, isWide: true });
  world.people.push(await holderOf(db, admin, "billing_manager", word));
  world.people.push(await holderOf(db, admin, "member", word));
}

/** What the door adds to everyone's roles. */
const asEntered = (ctx: Context): Context => ({
  ...ctx,
  actor: { ...ctx.actor, permissions: new Set([...ctx.actor.permissions, ...anonymousPermissions]) },
});

const idOf = (ctx: Context): Id<"user"> => ctx.actor.id as Id<"user">;

/** A person in a workspace for each role one can have there. */
async function workersOf(db: Db, here: Context, word: string): Promise<Somebody[]> {
  const people: Somebody[] = [];
  for (const role of workspaceRoles) {
    const ctx = asEntered(await testWorkspace(db, { within: here, roles: [role] }));
    people.push({ ...ctx, label: `${word}: ${role}`, isWide: false });
  }
  return people;
}

/** A person with a role in the organization and none in the workspace they stand in. */
async function holderOf(db: Db, admin: Context, role: MemberRole, word: string): Promise<Somebody> {
  const ctx = await testWorkspace(db, { within: admin, roles: ["user"] });
  const roles = memberRoles.filter((name) => name === "member" || name === role);
  await setRoles(admin, { user: idOf(ctx), roles });
  const permissions = permissionsOf(rolePermissions, [...roles, "user"]);
  return { ...asEntered({ ...ctx, actor: { ...ctx.actor, permissions } }), label: `${word}: ${role}`, isWide: false };
}

async function organizationThings(admin: Context, word: string) {
  const { id: group } = await createGroup(admin, { name: `${word} group` });
  await addToGroup(admin, { group, user: idOf(admin) });
  const emails = [`guest@${word}.example`];
  const [invitation] = await invite(admin, { emails, roles: ["member"], grants: [] });
  const { id: adminKey } = await createAdminKey(admin, { name: `${word} automation`, access: "write", expires: null });
  const url = `http://127.0.0.1:9/${word}`;
  const { id: webhook } = await createWebhook(admin, { url, description: word, eventTypes: ["api_key.created"] });
  const delivery = await testWebhook(admin, { id: webhook });
  const domain = await addDomain(admin, { domain: `${word}.example` });
  const wanted = { requestsPerSecond: 5, tokensPerMinute: null, tokensPerMonth: null, model: null };
  const rateRequest = await requestRates(admin, { ...wanted, useCase: `The ${word} needs more of everything.` });
  const zeroRetention = await requestZeroRetention(admin, zeroRetentionAsk({ scope: "on_request" }, word));
  await setOrganizationLimit(admin, { limit: most });
  await nameContact(admin, { email: `contact@${word}.example` });
  if (!invitation) throw new Error("Nobody was invited.");
  return { group, invitation: invitation.id, adminKey, webhook, delivery, domain, rateRequest, zeroRetention };
}

async function ordersOf(db: Db, { organizationId, now: createdAt }: Context, word: string) {
  const [order, agreement] = [newId("order", createdAt), newId("agreement", createdAt)];
  const made = { createdBy: "author", createdAt, signedAt: createdAt };
  const sealed = (label: string) => ({
    fileName: `${word}.pdf`,
    fileSha256: word,
    file: seal(Buffer.from(word), label),
  });
  const signed = sealed(agreementLabel(organizationId, agreement));
  await db
    .insert(masterAgreements)
    .values({ organizationId, id: agreement, number: `${word} msa`, ...signed, ...made });
  const named = { organizationId, id: order, number: `${word} order`, note: word, agreementId: agreement };
  const startsAt = new Date("2099-01-01T00:00:00Z");
  const draft = { ...named, ...sealed(fileLabel(organizationId, order)), ...made, startsAt, state: "draft" as const };
  await db.insert(purchaseOrders).values(draft);
  await db.insert(orderTerms).values({ organizationId, orderId: order, key: "days.net", value: 45 });
  const approved = { state: "active" as const, approvedBy: ["first", "second"], activatedAt: createdAt };
  await db.update(purchaseOrders).set(approved).where(eq(purchaseOrders.id, order));
  return { order, agreement };
}

async function holdOf(db: Db, { organizationId, now }: Context, word: string): Promise<Id<"hold">> {
  const id = newId("hold", now);
  const why = { classes: ["agents" as const], ground: "court" as const, reference: word, words: word };
  const signed = { proposedBy: newId("user", now), proposedAt: now, approvedBy: newId("user", now), startedAt: now };
  const ended = { endedAt: now, endedBy: "test", disclosedAt: now, reviewOn: "2099-01-01" };
  await db.insert(holds).values({ organizationId, id, state: "ended", ...why, ...signed, ...ended });
  return id;
}

async function suspensionOf(db: Db, { organizationId, now }: Context, word: string): Promise<Id<"suspension">> {
  const id = newId("suspension", now);
  const why = { reason: "spam" as const, clause: "T-4.1-USE", words: word, imminent: word, requestIds: [] };
  const signed = { proposedBy: newId("user", now), proposedAt: now, startedAt: now, reviewOn: "2099-01-01" };
  await db.insert(suspensions).values({ organizationId, id, state: "active", ...why, ...signed });
  return id;
}

const uploadIn = async (ctx: Context, word: string): Promise<Id<"upload">> =>
  (await beginUpload(ctx, { about: keepInput.parse({ file: `${word}-parts.jsonl` }), bytes: 100 })).id;

async function fileOf(ctx: Context, word: string): Promise<Id<"file">> {
  const received = await receiveContent(
    ctx,
    [Buffer.from(`{"text":"The ${word} of ${ctx.workspaceId}"}\n`)],
    "fine-tune",
  );
  return (await keepFile(ctx, keepInput.parse({ file: `${word}.jsonl` }), received)).id;
}

async function agentThings(db: Db, person: Context, word: string) {
  const agent = await testAgent(db, person, { name: `${word} agent`, visibility: "workspace" });
  const goneAgent = await testAgent(db, person, { name: `${word} past`, visibility: "workspace" });
  await deleteAgent(person, { agent: goneAgent });
  const [deleted] = await db.select().from(deletionReceipts).orderBy(desc(deletionReceipts.id)).limit(1);
  if (!deleted) throw new Error("Nothing was deleted.");
  const { organizationId, workspaceId, now: createdAt } = person;
  const conversation = newId("conversation", createdAt);
  const key = await newLastingKey(conversation);
  const said = { id: conversation, name: `${word} talk`, description: null, metadata: null, settings: null };
  const row = { organizationId, workspaceId, ownerId: idOf(person), id: conversation, ...sealedParts(key, said) };
  await db.insert(conversations).values({ ...row, model: "test-model", createdAt, updatedAt: createdAt });
  const response = newId("response", createdAt);
  const sealed = sealLasting(key, { input: [], response: { output: [] }, entries: [] }, response);
  await db.insert(responses).values({ organizationId, id: response, conversationId: conversation, sealed, createdAt });
  return { agent, goneAgent, deletionReceipt: deleted.id, conversation, response };
}

async function workspaceThings(here: Context, sql: Sql, word: string) {
  const draft = { scopes: ["completions:create" as const], models: null, addresses: null, expiresInDays: null };
  const { id: key } = await createKey(here, { name: `${word} key`, ...draft });
  await setWorkspaceLimit(here, { limit: most });
  await setKeyLimit(here, { id: key, period: "month", limit: most });
  const row = {
    ...testUsageRow(here, key, { cost: 7n, waived: 0n }),
    end_user: `${word} customer`,
    id: newId("request", here.now),
  };
  await sql`select meter(${usageRows([row])})`;
  const [event] = await sql`select id from audit_events where organization_id = ${here.organizationId} limit 1`;
  const [change] = await sql`select id from contact_changes where organization_id = ${here.organizationId}`;
  return { key, request: row.id, event: String(event?.id), contactChange: change?.id as Id<"contactChange"> };
}
