import type { Sql } from "#db/client.ts";
import type { BucketOwner } from "./token-bucket.ts";

type Usage = NonNullable<BucketOwner["usage"]>;

/** The tokens of a calendar month (UTC, by its first day) that the exact counters know of. */
export async function tokensOfMonth(
  sql: Sql,
  organizationId: BucketOwner["organizationId"],
  { workspaceId, model, except }: Usage,
  month: string,
): Promise<number> {
  if (model === null && except.length === 0) {
    const [row] = await sql<{ tokens: number }[]>`
      select tokens::float8 as tokens from spend_months where organization_id = ${organizationId}
        and scope = ${workspaceId ? "workspace" : "organization"} and scope_id = ${workspaceId ?? organizationId} and month = ${month}`;
    return row?.tokens ?? 0;
  }
  const [row] = await sql<{ tokens: number }[]>`
    select coalesce(sum(prompt_tokens + completion_tokens), 0)::float8 as tokens from usage_sums
    where organization_id = ${organizationId} and dimension = 'model' and grain = 'day'
      and start >= ${month}::date and start < ${month}::date + interval '1 month'
      and (${workspaceId}::text is null or workspace_id = ${workspaceId})
      and (${model}::text is null or value = ${model}) and value <> all (${[...except]}::text[])`;
  return row?.tokens ?? 0;
}
