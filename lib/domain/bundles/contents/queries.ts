import { and, eq, isNotNull, type SQL, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { agents, agentVersions } from "#db/schema/agents.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { storage } from "#lib/core/storage/storage.ts";
import { agentSealer } from "#lib/domain/agents/sealing/queries.ts";
import { fileNameOf, storageKey } from "#lib/domain/billing/documents/rules.ts";
import { type Listed, listed, usageColumns } from "./rules.ts";

/** A file of a bundle: its name in the archive and its bytes, read when its turn comes. */
export type BundleFile = { name: string; pieces: () => AsyncIterable<Uint8Array | string> };

const rowsAtOnce = 1000;

/**
 * What is in a bundle of an organization. Rows are JSON as the database writes it, so amounts keep every digit. Prompts and
 * answers are not among them, nor conversations, which are their owners', nor anything that opens an account.
 */
export async function* bundleFiles(ctx: OrganizationContext): AsyncGenerator<BundleFile> {
  authorize(ctx.actor, "system.operate");
  const own = ctx.organizationId;
  for (const [name, what] of Object.entries(listed))
    yield { name: `${name}.jsonl`, pieces: () => lines(ctx, listedRows(what, own)) };
  yield* documents(ctx);
  yield* agentFiles(ctx);
  yield* usageFiles(ctx);
  yield* invoiceFiles(ctx);
  yield { name: "audit/events.txt", pieces: () => lines(ctx, auditOf(own)) };
}

/** `place` says where a row is in its file, and is in none; `line` is a row's text where that is not its JSON. */
async function* lines(ctx: OrganizationContext, from: SQL): AsyncGenerator<string> {
  let after = "";
  for (;;) {
    const rows = await ctx.db.execute<{ place: string; line: string }>(sql`
      select place, line from (${from}) as part (place, line) where place > ${after} order by place limit ${rowsAtOnce}`);
    if (rows.length === 0) return;
    yield rows.map(({ line }) => `${line}\n`).join("");
    after = rows.at(-1)?.place ?? "";
  }
}

/** `columns` and `from` are ours, never given. */
const rowsOf = (columns: string, place: string, rest: SQL): SQL => sql`
  select place, (to_jsonb(one) - 'place')::text from (select ${sql.raw(place)} as place, ${sql.raw(columns)} ${rest}) as one`;

const listedRows = ({ place, columns, from, owner = "organization_id", where = "true" }: Listed, own: string): SQL =>
  rowsOf(columns, place, sql`from ${sql.raw(from)} where ${sql.raw(owner)} = ${own} and ${sql.raw(where)}`);

/** The texts that were agreed to, each version once, as they were signed. */
async function* documents({ db, organizationId }: OrganizationContext): AsyncGenerator<BundleFile> {
  const rows = await db.execute<{ kind: string; version: number; body: string }>(sql`
    select kind, version, body from documents where id in (select document_id from acceptances where organization_id = ${organizationId})
    order by kind, version`);
  for (const { kind, version, body } of rows)
    yield { name: `agreement/documents/${kind}-${version}.md`, pieces: () => once(body) };
}

/** Every published version of every agent, as it was published. */
async function* agentFiles(ctx: OrganizationContext): AsyncGenerator<BundleFile> {
  const { organizationId: own } = ctx;
  const named = { id: agentVersions.agentId, version: agentVersions.version };
  const its = and(eq(agentVersions.organizationId, own), isNotNull(agentVersions.content));
  const versions = await ctx.db.select(named).from(agentVersions).where(its).orderBy(named.id, named.version);
  for (const { id, version } of versions)
    yield { name: `agents/${id}/version-${version}.json`, pieces: () => versionText(ctx, id, version) };
}

async function* versionText(
  { db, organizationId }: OrganizationContext,
  id: Id<"agent">,
  version: number,
): AsyncGenerator<string> {
  const isOf = and(eq(agents.organizationId, agentVersions.organizationId), eq(agents.id, agentVersions.agentId));
  const its = and(
    eq(agentVersions.organizationId, organizationId),
    eq(agentVersions.agentId, id),
    eq(agentVersions.version, version),
  );
  const [row] = await db
    .select({ key: agents.key, content: agentVersions.content })
    .from(agentVersions)
    .innerJoin(agents, isOf)
    .where(its);
  // Deleted since the list was made: its file stays, and says so.
  if (!row?.key || !row.content) return yield "null\n";
  const sealer = await agentSealer({ id, key: row.key });
  yield `${JSON.stringify(sealer.openVersion(version, row.content))}\n`;
}

/** Each request by month and workspace, as billed. */
async function* usageFiles(ctx: OrganizationContext): AsyncGenerator<BundleFile> {
  const { organizationId: own } = ctx;
  const months = await ctx.db.execute<{ month: string; workspace: string }>(sql`
    select month::text, scope_id as workspace from spend_months where organization_id = ${own} and scope = 'workspace' order by 1, 2`);
  for (const { month, workspace } of months) {
    const rows = rowsOf(
      usageColumns,
      "id",
      sql`from usage_events where organization_id = ${own} and workspace_id = ${workspace}
        and at >= (${month}::date::timestamp at time zone 'UTC') and at < ((${month}::date + interval '1 month') at time zone 'UTC')`,
    );
    yield { name: `usage/${month.slice(0, 7)}/${workspace}.jsonl`, pieces: () => lines(ctx, rows) };
  }
}

/** The files of issued documents: the very bytes their hashes are of. */
async function* invoiceFiles({ db, organizationId }: OrganizationContext): AsyncGenerator<BundleFile> {
  const rows = await db.execute<{ id: Id<"invoice">; number: string; sha256: string }>(sql`
    select id, number, pdf_sha256 as sha256 from invoices where organization_id = ${organizationId} and pdf_sha256 is not null order by id`);
  for (const { id, number, sha256 } of rows)
    yield {
      name: `invoices/${fileNameOf({ number })}`,
      pieces: () => stored(storageKey({ organizationId, id }, sha256)),
    };
}

async function* stored(key: string): AsyncGenerator<Uint8Array> {
  yield* await storage().read(key);
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

/** A row's hash and the text it is of, the way the chain was made. */
const auditOf = (own: Id<"organization">): SQL => sql`
  select lpad(sequence::text, 20, '0') as place, hash || ' ' || audit_event_text(audit_events) as line
  from audit_events where organization_id = ${own}`;
