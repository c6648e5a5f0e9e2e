import { setRequirement } from "#lib/domain/account/requirement/commands.ts";
import { requirement } from "#lib/domain/account/requirement/queries.ts";
import { createAdminKey, revokeAdminKey } from "#lib/domain/admin-keys/commands.ts";
import { adminKeysOf } from "#lib/domain/admin-keys/queries.ts";
import { verifyChain } from "#lib/domain/audit/commands.ts";
import { auditFilter } from "#lib/domain/audit/input.ts";
import { auditSlice } from "#lib/domain/audit/listing/queries.ts";
import { auditEvent, auditLines, auditPage, chainState, recentActions } from "#lib/domain/audit/queries.ts";
import { addDomain, removeDomain, setJoining, verifyDomain } from "#lib/domain/domains/commands.ts";
import { listDomains } from "#lib/domain/domains/queries.ts";
import {
  addToGroup,
  createGroup,
  removeGroup,
  renameGroup,
  setGroupRoles,
  takeFromGroup,
} from "#lib/domain/groups/commands.ts";
import { groupOf, groupsOf } from "#lib/domain/groups/queries.ts";
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  replayDelivery,
  rotateWebhookSecret,
  switchWebhook,
  testWebhook,
} from "#lib/domain/integrations/commands.ts";
import { deliveriesOf, delivery, webhook, webhooks } from "#lib/domain/integrations/queries.ts";
import { invite, resendInvitation, revokeInvitation } from "#lib/domain/invitations/commands.ts";
import { openInvitations } from "#lib/domain/invitations/queries.ts";
import { leaveOrganization, removeMember, setRoles, setWorkspaceRoles } from "#lib/domain/leaving/commands.ts";
import { memberFilter } from "#lib/domain/members/input.ts";
import { memberPage } from "#lib/domain/members/listing/queries.ts";
import { grantorsOf, memberOf, membersOf, peopleOf, removalEffect } from "#lib/domain/members/queries.ts";
import { nameContact, withdrawContact } from "#lib/domain/notices/contact/commands.ts";
import { contactBounce, registrationContact } from "#lib/domain/notices/contact/queries.ts";
import { renameOrganization } from "#lib/domain/organizations/commands.ts";
import { setPlan, upgradePlan } from "#lib/domain/organizations/plan/commands.ts";
import { organizationOf } from "#lib/domain/organizations/queries.ts";
import { hasAgreed } from "#lib/domain/terms/queries.ts";
import type { Operation } from "./operations.ts";

const hook = { url: "http://127.0.0.1:9/hook", description: "new", eventTypes: ["api_key.created" as const] };

async function all(lines: AsyncIterable<unknown>): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const line of lines) found.push(line);
  return found;
}

/** What people do about the organization, its people and what it is told. */
export const administration: Record<string, Operation> = {
  requirement: { can: "organization.read", run: requirement },
  setRequirement: { can: "organization.write", isChoosy: true, run: (ctx) => setRequirement(ctx, true) },
  createAdminKey: {
    can: "admin-keys.write",
    run: (ctx) => createAdminKey(ctx, { name: "new", access: "read", expires: null }),
  },
  revokeAdminKey: {
    can: "admin-keys.write",
    within: "organization",
    run: (ctx, { adminKey }) => revokeAdminKey(ctx, { id: adminKey }),
  },
  adminKeysOf: { can: "admin-keys.write", run: adminKeysOf },
  verifyChain: { can: "system.operate", run: verifyChain },
  auditSlice: { can: "audit.read-organization", run: (ctx) => auditSlice(ctx, { isAscending: false, limit: 500 }) },
  auditPage: { can: "audit.read", run: (ctx) => auditPage(ctx, auditFilter.parse({})) },
  auditEvent: {
    can: "audit.read",
    within: "organization",
    isQuiet: true,
    run: (ctx, { event }) => auditEvent(ctx, event).catch(quiet),
  },
  recentActions: { can: "audit.read", run: recentActions },
  auditLines: { can: "audit.read", run: (ctx) => all(auditLines(ctx, auditFilter.parse({}))) },
  chainState: { can: "audit.read", run: chainState },
  addDomain: { can: "organization.write", run: (ctx) => addDomain(ctx, "elsewhere.example") },
  verifyDomain: { can: "system.operate", run: (ctx) => verifyDomain(ctx, "elsewhere.example") },
  setJoining: {
    can: "organization.write",
    within: "organization",
    run: (ctx, { domain: id }) => setJoining(ctx, { id, joining: "off", role: "user" }),
  },
  removeDomain: {
    can: "organization.write",
    within: "organization",
    run: (ctx, { domain }) => removeDomain(ctx, domain),
  },
  listDomains: { can: "organization.read", run: listDomains },
  createGroup: { can: "groups.write", run: (ctx) => createGroup(ctx, "new") },
  renameGroup: { can: "groups.write", within: "organization", run: (ctx, { group }) => renameGroup(ctx, group, "new") },
  removeGroup: { can: "groups.write", within: "organization", run: (ctx, { group }) => removeGroup(ctx, group) },
  addToGroup: {
    can: "groups.write",
    within: "organization",
    run: (ctx, { group, person }) => addToGroup(ctx, group, person),
  },
  takeFromGroup: {
    can: "groups.write",
    within: "organization",
    run: (ctx, { group, person }) => takeFromGroup(ctx, group, person),
  },
  setGroupRoles: {
    can: "groups.write",
    within: "organization",
    run: (ctx, { group, workspaceId }) => setGroupRoles(ctx, group, workspaceId, ["dev"]),
  },
  groupsOf: { can: "organization.read", run: groupsOf },
  groupOf: { can: "organization.read", within: "organization", run: (ctx, { group }) => groupOf(ctx, group) },
  createWebhook: { can: "webhooks.write", run: (ctx) => createWebhook(ctx, hook) },
  changeWebhook: {
    can: "webhooks.write",
    within: "organization",
    run: (ctx, { webhook: id }) => changeWebhook(ctx, { id, ...hook }),
  },
  switchWebhook: {
    can: "webhooks.write",
    within: "organization",
    run: (ctx, { webhook: id }) => switchWebhook(ctx, { id, enabled: false }),
  },
  rotateWebhookSecret: {
    can: "webhooks.write",
    within: "organization",
    run: (ctx, { webhook: id }) => rotateWebhookSecret(ctx, { id }),
  },
  deleteWebhook: {
    can: "webhooks.write",
    within: "organization",
    run: (ctx, { webhook: id }) => deleteWebhook(ctx, { id }),
  },
  testWebhook: {
    can: "webhooks.write",
    within: "organization",
    run: (ctx, { webhook: id }) => testWebhook(ctx, { id }),
  },
  replayDelivery: {
    can: "webhooks.write",
    within: "organization",
    run: (ctx, { delivery: id }) => replayDelivery(ctx, { delivery: id }),
  },
  webhooks: { can: "webhooks.read", run: webhooks },
  webhook: { can: "webhooks.read", within: "organization", run: (ctx, { webhook: id }) => webhook(ctx, id) },
  deliveriesOf: {
    can: "webhooks.read",
    isQuiet: true,
    run: (ctx, { webhook: id }) => deliveriesOf(ctx, id, { state: "all", before: undefined }),
  },
  delivery: {
    can: "webhooks.read",
    within: "organization",
    run: (ctx, { webhook: id, delivery: which }) => delivery(ctx, id, which),
  },
  invite: {
    can: "members.invite",
    run: (ctx) => invite(ctx, { emails: ["new@example.com"], roles: ["member"], grants: [] }),
  },
  resendInvitation: {
    can: "members.invite",
    within: "organization",
    run: (ctx, { invitation }) => resendInvitation(ctx, invitation),
  },
  revokeInvitation: {
    can: "members.invite",
    within: "organization",
    run: (ctx, { invitation }) => revokeInvitation(ctx, invitation),
  },
  openInvitations: { can: "members.invite", run: openInvitations },
  setRoles: {
    can: "members.write",
    within: "organization",
    run: (ctx, { person }) => setRoles(ctx, person, ["member"]),
  },
  setWorkspaceRoles: {
    can: "workspace.write-members",
    within: "organization",
    run: (ctx, { person }) => setWorkspaceRoles(ctx, person, ["user"]),
  },
  removeMember: { can: "members.write", within: "organization", run: (ctx, { person }) => removeMember(ctx, person) },
  leaveOrganization: { can: "organization.read", run: leaveOrganization },
  memberPage: { can: "organization.read", run: (ctx) => memberPage(ctx, { page: 1, pageSize: 100 }) },
  membersOf: { can: "organization.read", run: (ctx) => membersOf(ctx, memberFilter.parse({})) },
  peopleOf: { can: "organization.read", run: peopleOf },
  memberOf: { can: "organization.read", within: "organization", run: (ctx, { person }) => memberOf(ctx, person) },
  removalEffect: { can: "organization.read", isChoosy: true, run: (ctx, { person }) => removalEffect(ctx, person) },
  grantorsOf: { can: "organization.read", isChoosy: true, run: (ctx) => grantorsOf(ctx, "keys.write") },
  nameContact: { can: "organization.write-contact", run: (ctx) => nameContact(ctx, { email: "new@example.com" }) },
  withdrawContact: {
    can: "organization.write-contact",
    within: "organization",
    run: (ctx, { contactChange: id }) => withdrawContact(ctx, { id }),
  },
  registrationContact: { can: "organization.read", run: registrationContact },
  contactBounce: { can: "organization.read", run: contactBounce },
  renameOrganization: { can: "organization.write", run: (ctx) => renameOrganization(ctx, "new") },
  upgradePlan: { can: "plan.write", run: upgradePlan },
  setPlan: { can: "system.operate", run: (ctx) => setPlan(ctx, "free") },
  organizationOf: { can: "organization.read", run: organizationOf },
  hasAgreed: { can: "organization.read", isChoosy: true, run: (ctx) => hasAgreed(ctx) },
};

/** Whoever sees a part of the organization only is told of the rest that it is not there. */
function quiet(error: unknown): null {
  if (error instanceof Error && "problem" in error && error.problem === "not_found") return null;
  throw error;
}
