import type { BlockList } from "node:net";
import type { Sql } from "#db/client.ts";
import type { Id } from "#db/id.ts";
import type { EndUserMode } from "#db/schema/organizations.ts";
import type { Permission } from "#lib/core/access/permissions.ts";
import { permissionsOf, scopePermissions } from "#lib/core/access/roles.ts";
import { addressList, isIn } from "#lib/core/addresses.ts";
import {
  type ContractFacts,
  type ContractFactsRow,
  contractFacts,
  nextChange,
  plainValue,
} from "#lib/domain/contract/values/rules.ts";
import { agreeingByUse } from "#lib/domain/publications/changes/input.ts";

/** What the gate knows about a key: all that a request needs, so that a known key costs no look-up. */
export type AuthenticatedKey = {
  id: Id<"key">;
  name: string;
  organizationId: Id<"organization">;
  workspaceId: Id<"workspace">;
  ownerId: Id<"user">;
  /** Belongs to the workspace: it has no rights of a person, and does not end when its owner leaves. */
  isService: boolean;
  /** Made by the house to check itself (T-4.2.2.2-ZDR4): free of charge. */
  isVerification: boolean;
  permissions: ReadonlySet<Permission>;
  models: ReadonlySet<string> | null;
  addresses: BlockList | null;
  /** A key for web pages: the origins it is good from. Null: it is for programs. */
  webOrigins: ReadonlySet<string> | null;
  /** Milliseconds since the epoch; the key is good before it. */
  endsAt: number;
  ended: "revoked" | "archived" | "ownerless" | null;
  status: "active" | "suspended" | "terminated";
  statusReason: string | null;
  statusClause: string | null;
  /** Why it is suspended, for programs; null where it is not. */
  suspension: string | null;
  /** Nothing that is asked or answered is kept (T-4.2.2.2-ZDR4). */
  isZeroRetention: boolean;
  /** The law has what is asked and answered kept all the same; whether the customer was told, or may not be yet. */
  hold: "told" | "untold" | null;
  /** What is kept under it all the same, on the customer's own instruction. */
  keptClasses: readonly string[];
  /** Requests may ask for zero retention one by one (`x-zero-retention: require`). */
  mayRequireZeroRetention: boolean;
  /** What is kept of the end users that its requests name (T-4.2.1-EU). */
  endUsers: EndUserMode;
  /** Traces of its requests leave by a connection, so the caller's own are noted. */
  isTraced: boolean;
  /** What is asked goes to upstreams that keep nothing alone. */
  isQuiet: boolean;
  /** What its prices, rate limits and other contractual values follow from. */
  contract: ContractFacts;
  /** Milliseconds since the epoch; what was read with the key, such as the tier, is read again after it. Orders begin and end there. */
  staleAt: number;
  /** Shared by every copy: set once something of its organization has changed since it was read. */
  freshness: { isOutdated: boolean };
};

const freshMs = 60_000;

type Row = {
  id: Id<"key">;
  name: string;
  organization_id: Id<"organization">;
  workspace_id: Id<"workspace">;
  owner_id: Id<"user">;
  scopes: string[];
  models: string[] | null;
  addresses: string[] | null;
  web_origins: string[] | null;
  // Numbers and booleans only: how a raw row spells an instant depends on who else uses the connection.
  ends_at_ms: number | null;
  is_service: boolean;
  is_verification: boolean;
  is_zero_retention: boolean;
  hold: AuthenticatedKey["hold"];
  kept_classes: string[];
  may_require: boolean;
  end_users: EndUserMode;
  is_traced: boolean;
  is_revoked: boolean;
  is_archived: boolean;
  /** A key acts for its owner, who has to be let into its workspace by a role of their own or of a group. */
  may_enter: boolean;
  status: AuthenticatedKey["status"];
  status_reason: string | null;
  status_clause: string | null;
  suspension: string | null;
  contract: string;
};

type By = { hash: string } | Pick<AuthenticatedKey, "organizationId" | "id">;

/** Looks a key up by its hash or id, and notes the organization's first use (T-1-EFF) when this is it. */
export async function findKey(sql: Sql, by: By, at: Date): Promise<AuthenticatedKey | null> {
  const isIt =
    "hash" in by
      ? sql`keys.hash = ${by.hash}`
      : sql`keys.organization_id = ${by.organizationId} and keys.id = ${by.id}`;
  const [row] = await sql<(Row & { unused: boolean; unagreed: boolean })[]>`
    select keys.id, keys.name, keys.organization_id, keys.workspace_id, keys.owner_id, keys.scopes, keys.models, keys.addresses,
      case when keys.browser then organizations.web_origins end as web_origins,
      (extract(epoch from keys.expires_at) * 1000)::float8 as ends_at_ms, keys.revoked_at is not null as is_revoked,
      keys.purpose in ('service', 'verification') as is_service, keys.purpose = 'verification' as is_verification, coalesce(organizations.zero_retention_since, workspaces.zero_retention_since) is not null as is_zero_retention,
      hold_on(keys.organization_id, keys.workspace_id, 'content-log') as hold,
      kept_classes(keys.organization_id, keys.workspace_id) as kept_classes,
      may_require_zero_retention(keys.organization_id) as may_require, organizations.end_users,
      exports_traces(keys.organization_id, keys.workspace_id) as is_traced,
      workspaces.archived_at is not null as is_archived, organizations.status, organizations.status_reason, organizations.status_clause, organizations.first_use_at is null as unused,
      exists (select from unagreed_versions(keys.organization_id, ${at})) as unagreed,
      (select reason from suspensions where suspensions.organization_id = keys.organization_id and state = 'active') as suspension,
      contract_facts(keys.organization_id)::text as contract,
      exists (select from members where members.organization_id = keys.organization_id and members.user_id = keys.owner_id
        and ('organization_admin' = any(members.roles)
          or cardinality(workspace_roles(keys.organization_id, keys.workspace_id, keys.owner_id)) > 0)) as may_enter
    from keys
    join organizations on organizations.id = keys.organization_id
    join workspaces on workspaces.organization_id = keys.organization_id and workspaces.id = keys.workspace_id
    where ${isIt}`;
  if (!row) return null;
  if (row.unused) {
    await sql`update organizations set first_use_at = ${at} where id = ${row.organization_id} and first_use_at is null`;
  }
  // T-7-EXIT: the first use after a change holds is agreement to it; work that several ask for is queued once.
  if (row.unagreed && !row.is_revoked && row.status === "active") {
    const used = JSON.stringify({ organizationId: row.organization_id, keyId: row.id, usedAt: at.getTime() });
    await sql`select enqueue_job(${agreeingByUse.name}, ${used}::text::json, ${`${agreeingByUse.name}:${row.organization_id}`}, 8, null, null)`;
  }
  return fromRow(row, at);
}

function fromRow(row: Row, at: Date): AuthenticatedKey {
  const contract = contractFacts(JSON.parse(row.contract) as ContractFactsRow);
  const isZeroRetention = row.is_zero_retention || plainValue(contract, "zero-retention", at);
  return {
    id: row.id,
    name: row.name,
    organizationId: row.organization_id,
    workspaceId: row.workspace_id,
    ownerId: row.owner_id,
    isService: row.is_service,
    isVerification: row.is_verification,
    permissions: permissionsOf(scopePermissions, row.scopes),
    models: row.models ? new Set(row.models) : null,
    addresses: row.addresses ? addressList(row.addresses) : null,
    webOrigins: row.web_origins ? new Set(row.web_origins) : null,
    endsAt: row.ends_at_ms ?? Number.POSITIVE_INFINITY,
    ended: endOf(row),
    status: row.status,
    statusReason: row.status_reason,
    statusClause: row.status_clause,
    suspension: row.suspension,
    isZeroRetention,
    hold: row.hold,
    keptClasses: row.kept_classes,
    mayRequireZeroRetention: row.may_require,
    endUsers: row.end_users,
    isTraced: row.is_traced,
    isQuiet: isZeroRetention,
    contract,
    staleAt: Math.min(at.getTime() + freshMs, nextChange(contract, at.getTime())),
    freshness: { isOutdated: false },
  };
}

function endOf(row: Row): AuthenticatedKey["ended"] {
  if (row.is_revoked) return "revoked";
  if (row.is_archived) return "archived";
  return row.may_enter || row.is_service ? null : "ownerless";
}

/** Whether a key may be used from an address; an address that is none is refused. */
export const isFromAllowed = ({ addresses }: AuthenticatedKey, address: string): boolean =>
  !addresses || isIn(addresses, address);

/** Whether a request may use a key: one for web pages only from a page, and one of its organization's origins. */
export const isFromOwnPage = ({ webOrigins }: AuthenticatedKey, origin: string | undefined): boolean =>
  !webOrigins || (origin !== undefined && webOrigins.has(origin));
