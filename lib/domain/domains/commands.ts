import { randomBytes } from "node:crypto";
import { and, count, eq, gt, isNotNull, isNull, ne, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { domains } from "#db/schema/domains.ts";
import { invitations, members, organizations, workspaceMembers, workspaces } from "#db/schema/organizations.ts";
import { sqlstate, sqlstateOf } from "#db/sqlstate.ts";
import { personOf } from "#lib/core/access/person.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import {
  type AccountContext,
  actingAs,
  bypassTenant,
  enterOrganization,
  type OrganizationContext,
  transaction,
} from "#lib/core/context.ts";
import { textsAt } from "#lib/core/dns.ts";
import { AppError } from "#lib/core/errors.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { spendAttempt } from "#lib/domain/account/attempts/commands.ts";
import { contractSources } from "#lib/domain/contract/values/queries.ts";
import { plainValue } from "#lib/domain/contract/values/rules.ts";
import { type Home, lockOrganization } from "#lib/domain/organizations/commands.ts";
import { hasRoomFor } from "#lib/domain/organizations/plan/rules.ts";
import { addDomainInput, domainInput, joiningInput } from "./input.ts";
import { domainOf, domainsMax, proofName, proofText } from "./rules.ts";

type Row = typeof domains.$inferSelect;

/** Notes a domain and what has to be put into the DNS to show that it is the organization's. */
export const addDomain = command({
  can: "organization.write",
  within: "organization",
  input: addDomainInput,
  run: async (ctx, { domain: name }): Promise<Id<"domain">> => {
    const { organizationId } = ctx;
    return transaction(ctx, async (ctx) => {
      await lockOrganization(ctx);
      if ((await ctx.db.$count(domains, eq(domains.organizationId, organizationId))) >= domainsMax) {
        throw new AppError("conflict", `An organization has at most ${domainsMax} domains. Remove one first.`);
      }
      const id = newId("domain", ctx.now);
      const added = await ctx.db
        .insert(domains)
        .values({ organizationId, id, name, proof: newProof(), createdAt: ctx.now })
        .onConflictDoNothing()
        .returning({ id: domains.id });
      if (added.length === 0) throw wrong("domain", "This domain is in the list already.");
      await writeAudit(ctx, { action: "domain.add", object: { type: "domain", id }, after: { name } });
      return id;
    });
  },
});

const newProof = (): string => proofText(randomBytes(18).toString("base64url"));

/** Looks for the proof in the DNS. */
export const checkDomain = command({
  can: "organization.write",
  within: "organization",
  input: domainInput,
  run: async (ctx, { id }): Promise<void> => {
    await spendAttempt(ctx, "domain-check:organization", ctx.organizationId);
    const { name, proof } = await mine(ctx, id);
    const texts = await textsAt(proofName(name));
    if (!texts.some((text) => text.trim() === proof)) {
      const seen = texts.length === 0 ? "There is no TXT record yet" : "The TXT record there says something else";
      throw new AppError("conflict", `${seen}. It can take an hour until a new one is seen everywhere.`, {
        code: "proof_missing",
      });
    }
    await transaction(ctx, (ctx) => verify(ctx, id, "dns"));
  },
});

/** For machines without a DNS: the operator says whose a domain is. */
export const verifyDomain = command({
  can: "system.operate",
  within: "organization",
  run: async (ctx, name: string): Promise<Id<"domain">> => {
    const { organizationId } = ctx;
    return transaction(ctx, async (ctx) => {
      await lockOrganization(ctx);
      const named = and(eq(domains.organizationId, organizationId), eq(domains.name, name));
      const fresh = { organizationId, id: newId("domain", ctx.now), name, proof: newProof(), createdAt: ctx.now };
      await ctx.db.insert(domains).values(fresh).onConflictDoNothing();
      const [domain] = await ctx.db.select({ id: domains.id }).from(domains).where(named);
      if (!domain) throw gone();
      await verify(ctx, domain.id, "operator");
      return domain.id;
    });
  },
});

async function verify(ctx: OrganizationContext, id: Id<"domain">, by: "dns" | "operator"): Promise<void> {
  const { name, verifiedAt } = await mine(ctx, id);
  if (verifiedAt) return;
  try {
    await ctx.db.update(domains).set({ verifiedAt: ctx.now, verifiedBy: by }).where(at(ctx, id));
  } catch (cause) {
    // A domain that is proven elsewhere; row-level security hides it, so only the database can tell.
    if (sqlstateOf(cause) !== sqlstate.uniqueViolation) throw cause;
    const message = "Another organization has proven this domain. Write to support if it is yours.";
    throw new AppError("conflict", message, { cause });
  }
  await writeAudit(ctx, { action: "domain.verify", object: { type: "domain", id }, after: { name, by } });
}

/** Says who may join through a domain, and as what. */
export const setJoining = command({
  can: "organization.write",
  within: "organization",
  input: joiningInput,
  stepUp: "domain.change",
  run: async (ctx, { id, joining, role }): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      const before = await mine(ctx, id);
      if (!before.verifiedAt) throw new AppError("conflict", "Prove the domain first.");
      if (before.joining === joining && before.role === role) return;
      await ctx.db.update(domains).set({ joining, role }).where(at(ctx, id));
      const change = { before: { joining: before.joining, role: before.role }, after: { joining, role } };
      await writeAudit(ctx, { action: "domain.set-joining", object: { type: "domain", id }, ...change });
    });
  },
});

/** Forgets a domain: no one joins through it any more; the person who has joined stays. */
export const removeDomain = command({
  can: "organization.write",
  within: "organization",
  input: domainInput,
  stepUp: "domain.change",
  run: async (ctx, { id }): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      const { name, joining } = await mine(ctx, id);
      await ctx.db.delete(domains).where(at(ctx, id));
      await writeAudit(ctx, { action: "domain.remove", object: { type: "domain", id }, before: { name, joining } });
    });
  },
});

const at = ({ organizationId }: OrganizationContext, id: Id<"domain">) =>
  and(eq(domains.organizationId, organizationId), eq(domains.id, id));

async function mine(ctx: OrganizationContext, id: Id<"domain">): Promise<Row> {
  const [row] = await ctx.db.select().from(domains).where(at(ctx, id));
  if (!row) throw gone();
  return row;
}

const gone = () => new AppError("not_found", "There is no such domain in this organization.");
const wrong = (field: string, message: string) =>
  new AppError("invalid", "Check the marked fields.", { fields: { [field]: [message] } });

/** Joins an organization that lets everyone in who has a confirmed address of one of its domains. */
export const joinByDomain = command({
  can: "account.manage",
  within: "account",
  run: async (ctx, organizationId: Id<"organization">): Promise<Home> => {
    const [user] = await ctx.db
      .select({ email: users.email })
      .from(users)
      .where(and(eq(users.id, personOf(ctx.actor).id), isNotNull(users.emailVerifiedAt)));
    const open = user && (await openTo(ctx, user.email));
    if (!open || open.organizationId !== organizationId) {
      throw new AppError("not_found", "There is no organization that your address lets you join.");
    }
    return join(ctx, open);
  },
});

/**
 * At a sign-in through the identity provider, with an address it has confirmed: joins the organization whose domain says
 * that people join by themselves. A full one is no reason not to be signed in.
 */
export const joinByProvider = command({
  can: "account.manage",
  within: "account",
  run: async (ctx, email: string): Promise<void> => {
    const open = await openTo(ctx, email);
    if (open?.joining !== "auto") return;
    try {
      await join(ctx, open);
    } catch (error) {
      if (!(error instanceof AppError && error.code === "member_limit")) throw error;
    }
  },
});

/** The one domain an address belongs to, where it lets people in; they know nothing of its organization before. */
async function openTo(ctx: AccountContext, email: string): Promise<Row | undefined> {
  const name = domainOf(email);
  if (!name) return undefined;
  return transaction(ctx, async (ctx) => {
    await bypassTenant(ctx);
    const [row] = await ctx.db
      .select({ domain: domains })
      .from(domains)
      .innerJoin(organizations, eq(organizations.id, domains.organizationId))
      .where(
        and(
          eq(domains.name, name),
          isNotNull(domains.verifiedAt),
          ne(domains.joining, "off"),
          eq(organizations.status, "active"),
        ),
      );
    return row?.domain;
  });
}

function join(ctx: AccountContext, { organizationId, name, role }: Row): Promise<Home> {
  const { id: userId, email } = personOf(ctx.actor);
  const permissions = new Set([...ctx.actor.permissions, "organization.read" as const]);
  return transaction(actingAs(ctx, { ...ctx.actor, permissions }), async (outside) => {
    const ctx = await enterOrganization(outside, organizationId);
    await lockOrganization(ctx);
    const workspaceId = await defaultWorkspace(ctx);
    const added = await ctx.db
      .insert(members)
      .values({ organizationId, userId, roles: ["member"], createdAt: ctx.now })
      .onConflictDoNothing()
      .returning({ userId: members.userId });
    if (added.length === 0) return { organizationId, workspaceId };
    const membersMax = plainValue(await contractSources(ctx), "members.max", ctx.now);
    if (!hasRoomFor(membersMax, await countPeople(ctx, email), 0)) {
      const most = `${membersMax} people, invited ones included`;
      throw new AppError("conflict", `This organization is full: on its plan it has at most ${most}.`, {
        code: "member_limit",
      });
    }
    const membership = { organizationId, workspaceId, userId, roles: [role], createdAt: ctx.now };
    await ctx.db.insert(workspaceMembers).values(membership);
    const object = { type: "user", id: userId };
    await writeAudit(ctx, { action: "member.join", object, after: { email, domain: name, role } });
    await publishWebhookEvent(ctx, "member.joined", { user_id: userId, email, roles: ["member"] });
    return { organizationId, workspaceId };
  });
}

async function defaultWorkspace(ctx: OrganizationContext): Promise<Id<"workspace">> {
  const [workspace] = await ctx.db
    .select({ id: workspaces.id })
    .from(workspaces)
    .where(and(eq(workspaces.organizationId, ctx.organizationId), eq(workspaces.isDefault, true)));
  if (!workspace) throw new AppError("not_found", "This organization has no workspace.");
  return workspace.id;
}

/** A person who is invited has a place already; an invitation to the very person who joins is not a second one. */
async function countPeople(ctx: OrganizationContext, email: string): Promise<number> {
  const here = eq(members.organizationId, ctx.organizationId);
  const [people] = await ctx.db.select({ count: count() }).from(members).where(here);
  const [invited] = await ctx.db
    .select({ count: count() })
    .from(invitations)
    .where(
      and(
        eq(invitations.organizationId, ctx.organizationId),
        isNull(invitations.acceptedAt),
        isNull(invitations.revokedAt),
        gt(invitations.expiresAt, ctx.now),
        ne(sql`lower(${invitations.email})`, email.toLowerCase()),
      ),
    );
  return (people?.count ?? 0) + (invited?.count ?? 0);
}
