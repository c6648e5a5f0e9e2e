import { monitoringMonths } from "#lib/domain/abuse/counts/queries.ts";
import { requirement } from "#lib/domain/account/requirement/queries.ts";
import { adminKeysOf } from "#lib/domain/admin-keys/queries.ts";
import { auditFilter } from "#lib/domain/audit/input.ts";
import { auditSlice } from "#lib/domain/audit/listing/queries.ts";
import { auditEvent, auditLines, auditPage, chainState, recentActions } from "#lib/domain/audit/queries.ts";
import { objectNames } from "#lib/domain/audit/words/queries.ts";
import {
  contractModels,
  contractSources,
  contractWithPrices,
  currentPlan,
  modelNamed,
  sharingTerms,
} from "#lib/domain/contract/values/queries.ts";
import { listDomains } from "#lib/domain/domains/queries.ts";
import { endUserMode } from "#lib/domain/end-users/queries.ts";
import { groupOf, groupsOf } from "#lib/domain/groups/queries.ts";
import { deliveriesOf, delivery, webhook, webhooks } from "#lib/domain/integrations/queries.ts";
import { invitationFilter } from "#lib/domain/invitations/input.ts";
import { invitationPage, openInvitations } from "#lib/domain/invitations/queries.ts";
import { memberFilter } from "#lib/domain/members/input.ts";
import { memberPage } from "#lib/domain/members/listing/queries.ts";
import { grantorsOf, memberOf, membersOf, peopleChoices, removalEffect } from "#lib/domain/members/queries.ts";
import { contactBounce, registrationContact } from "#lib/domain/notices/contact/queries.ts";
import { agreementFile, agreementsOf } from "#lib/domain/orders/agreements/queries.ts";
import { orderFile, ordersOf } from "#lib/domain/orders/queries.ts";
import { formerCustomer } from "#lib/domain/organizations/former/queries.ts";
import { organizationOf } from "#lib/domain/organizations/queries.ts";
import { webOrigins, webPages } from "#lib/domain/organizations/web-origins/queries.ts";
import { holdsOf } from "#lib/domain/retention/holds/queries.ts";
import { dataLedger } from "#lib/domain/retention/ledger/queries.ts";
import { deletionReceipt, deletionReceiptList } from "#lib/domain/retention/receipts/queries.ts";
import { latestSuspension, suspensionInForce } from "#lib/domain/suspensions/queries.ts";
import { hasAgreed } from "#lib/domain/terms/queries.ts";
import { nameToType, zeroRetentionRequestsOf, zeroRetentionStanding } from "#lib/domain/zero-retention/queries.ts";
import type { Operation } from "./operations.ts";

async function all(lines: AsyncIterable<unknown>): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const line of lines) found.push(line);
  return found;
}

/** What people do about the organization, its people and what it is told. */
export const administration: Record<string, Operation> = {
  requirement: { can: "members.read", run: requirement },
  adminKeysOf: { can: "admin-keys.write", run: adminKeysOf },
  latestSuspension: { can: "organization.read", run: latestSuspension },
  suspensionInForce: { can: "organization.read", run: suspensionInForce },
  holdsOf: { can: "privacy.read", run: holdsOf },
  monitoringMonths: { can: "privacy.read", run: monitoringMonths },
  dataLedger: { can: "privacy.read", run: (ctx) => dataLedger(ctx) },
  deletionReceiptList: { can: "privacy.read", run: (ctx) => deletionReceiptList(ctx, { limit: 200 }) },
  deletionReceipt: {
    can: "privacy.read",
    within: "organization",
    run: (ctx, { deletionReceipt: id }) => deletionReceipt(ctx, id),
  },
  auditSlice: { can: "audit.read-organization", run: (ctx) => auditSlice(ctx, { isAscending: false, limit: 500 }) },
  auditPage: { can: "audit.read", run: (ctx) => auditPage(ctx, auditFilter.parse({})) },
  auditEvent: {
    can: "audit.read",
    within: "organization",
    isQuiet: true,
    run: (ctx, { event }) => auditEvent(ctx, event).catch(quiet),
  },
  objectNames: { can: "audit.read", run: (ctx, { key, workspaceId }) => objectNames(ctx, [key, workspaceId]) },
  recentActions: { can: "audit.read", run: recentActions },
  auditLines: { can: "audit.read", run: (ctx) => all(auditLines(ctx, auditFilter.parse({}))) },
  chainState: { can: "audit.read", run: chainState },
  listDomains: { can: "members.read", run: listDomains },
  groupsOf: { can: "members.read", run: groupsOf },
  groupOf: { can: "members.read", within: "organization", run: (ctx, { group }) => groupOf(ctx, group) },
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
  invitationPage: { can: "members.invite", run: (ctx) => invitationPage(ctx, invitationFilter.parse({})) },
  openInvitations: { can: "members.invite", run: openInvitations },
  memberPage: { can: "members.read", run: (ctx) => memberPage(ctx, { page: 1, pageSize: 100 }) },
  membersOf: { can: "members.read", run: (ctx) => membersOf(ctx, memberFilter.parse({})) },
  peopleChoices: { can: "members.read", run: (ctx) => peopleChoices(ctx) },
  memberOf: { can: "members.read", within: "organization", run: (ctx, { person }) => memberOf(ctx, person) },
  removalEffect: { can: "members.read", isChoosy: true, run: (ctx, { person }) => removalEffect(ctx, person) },
  grantorsOf: { can: "organization.read", isChoosy: true, run: (ctx) => grantorsOf(ctx, "keys.write") },
  registrationContact: { can: "organization.read", run: registrationContact },
  contactBounce: { can: "organization.read", run: contactBounce },
  ordersOf: { can: "orders.read", run: ordersOf },
  agreementsOf: { can: "orders.read", run: agreementsOf },
  agreementFile: {
    can: "orders.read",
    within: "organization",
    run: async (ctx, { agreement }) => String((await agreementFile(ctx, agreement)).bytes),
  },
  orderFile: {
    can: "orders.read",
    within: "organization",
    run: async (ctx, { order }) => String((await orderFile(ctx, order)).bytes),
  },
  contractSources: { can: "organization.read", run: contractSources },
  contractWithPrices: { can: "organization.read", run: contractWithPrices },
  contractModels: { can: "models.read", run: contractModels },
  modelNamed: {
    can: "models.read",
    run: async (ctx) => (await modelNamed(ctx, "models.read", "none"))?.model.id ?? null,
  },
  currentPlan: { can: "organization.read", run: currentPlan },
  sharingTerms: { can: "agents.read", run: (ctx) => sharingTerms(ctx, "agents.read") },
  formerCustomer: { can: "organization.read", run: formerCustomer },
  organizationOf: { can: "organization.read", run: organizationOf },
  webOrigins: { can: "members.read", run: webOrigins },
  webPages: { can: "members.read", run: webPages },
  endUserMode: { can: "members.read", run: endUserMode },
  zeroRetentionRequestsOf: { can: "privacy.read", run: zeroRetentionRequestsOf },
  nameToType: { can: "billing.read", run: nameToType },
  zeroRetentionStanding: { can: "organization.read", run: zeroRetentionStanding },
  hasAgreed: { can: "organization.read", isChoosy: true, run: (ctx) => hasAgreed(ctx) },
};

/** A person who sees a part of the organization only is told of the rest that it is not there. */
function quiet(error: unknown): null {
  if (error instanceof Error && "problem" in error && error.problem === "not_found") return null;
  throw error;
}
