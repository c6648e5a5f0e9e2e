import { type SQL, sql } from "drizzle-orm";
import { users } from "#db/schema/account.ts";
import { agents } from "#db/schema/agents.ts";
import { connections } from "#db/schema/connections.ts";
import { domains } from "#db/schema/domains.ts";
import { files } from "#db/schema/files.ts";
import { tickets } from "#db/schema/help.ts";
import { webhookEndpoints } from "#db/schema/integrations.ts";
import { keys } from "#db/schema/keys.ts";
import { groups, invitations, members, organizations, workspaces } from "#db/schema/organizations.ts";
import { authorize, can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { containing } from "#lib/core/list/like.ts";

/** Whatever of the organization has an id and a name. Agents have theirs for those who can see them all. */
function named(ctx: Context): SQL {
  const { organizationId } = ctx;
  const parts = [
    sql`select ${keys.id} as id, ${keys.name} as name from ${keys} where ${keys.organizationId} = ${organizationId}`,
    sql`select ${users.id}, ${users.name} from ${members} join ${users} on ${users.id} = ${members.userId}
      where ${members.organizationId} = ${organizationId}`,
    sql`select ${workspaces.id}, ${workspaces.name} from ${workspaces} where ${workspaces.organizationId} = ${organizationId}`,
    sql`select ${organizations.id}, ${organizations.name} from ${organizations} where ${organizations.id} = ${organizationId}`,
    sql`select ${groups.id}, ${groups.name} from ${groups} where ${groups.organizationId} = ${organizationId}`,
    sql`select ${invitations.id}, ${invitations.email} from ${invitations} where ${invitations.organizationId} = ${organizationId}`,
    sql`select ${domains.id}, ${domains.name} from ${domains} where ${domains.organizationId} = ${organizationId}`,
    sql`select ${connections.id}, ${connections.name} from ${connections} where ${connections.organizationId} = ${organizationId}`,
    sql`select ${webhookEndpoints.id}, ${webhookEndpoints.url} from ${webhookEndpoints} where ${webhookEndpoints.organizationId} = ${organizationId}`,
  ];
  if (can(ctx.actor, "audit.read-organization")) {
    parts.push(
      sql`select ${tickets.recordId}, 'T-' || ${tickets.number} from ${tickets}
        where ${tickets.organizationId} = ${organizationId} and ${tickets.kind} = 'assistance'`,
      sql`select ${files.id}, ${files.name} from ${files} where ${files.organizationId} = ${organizationId}`,
      sql`select ${agents.id}, ${agents.name} from ${agents} where ${agents.organizationId} = ${organizationId}`,
    );
  }
  return sql.join(parts, sql` union all `);
}

/** The condition that an id is of something with these words in its name. */
export const isNamedLike = (ctx: Context, id: SQL, q: string): SQL =>
  sql`${id} in (select named.id from (${named(ctx)}) as named where named.name ilike ${containing(q)})`;

/** The names that things have now, by their ids; what is gone is not among them. */
export async function objectNames(ctx: Context, ids: readonly string[]): Promise<Map<string, string>> {
  authorize(ctx.actor, "audit.read");
  if (ids.length === 0) return new Map();
  const rows = await ctx.db.execute<{ id: string; name: string }>(
    sql`select named.id, named.name from (${named(ctx)}) as named where named.id in ${[...new Set(ids)]}`,
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
