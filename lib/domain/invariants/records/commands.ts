import { sql } from "drizzle-orm";
import { command } from "#lib/core/command.ts";
import { type AccountContext, transaction } from "#lib/core/context.ts";
import { open, seal } from "#lib/core/secrets.ts";

type Record = { table: string; column: string; label: string };

const zeroRetention = (kind: string, column: string): Record => ({
  table: "zero_retention_requests",
  column,
  label: `'zero retention ${kind} ' || organization_id || ' ' || id`,
});
const webhooks = (column: string): Record => ({
  table: "webhook_endpoints",
  column,
  label: "'webhook:' || organization_id || ':' || id",
});
const signed = (table: string): Record => ({
  table,
  column: "file",
  label: `'${table}.file ' || organization_id || ' ' || id`,
});

/** Records of the house that are sealed, each for a label that SQL makes of its row. */
const records: readonly Record[] = [
  { table: "authenticators", column: "secret", label: "'authenticator:' || id" },
  webhooks("secret"),
  webhooks("previous_secret"),
  signed("purchase_orders"),
  signed("master_agreements"),
  zeroRetention("words", "words"),
  zeroRetention("reason", "decided_reason"),
];

const batchSize = 100;

/**
 * Puts under the key of records what earlier versions sealed under the content key, which the pages' process no longer
 * has. Does nothing where there is none of it; says how many values there were.
 */
export const sealRecordsAnew = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    let sealed = 0;
    for (const record of records)
      for (let found = batchSize; found === batchSize; sealed += found)
        found = await transaction(ctx, (ctx) => sealSome(ctx, record));
    return sealed;
  },
});

type Row = { place: string; label: string; value: Buffer };

async function sealSome(ctx: AccountContext, { table, column, label }: Record): Promise<number> {
  const [name, value] = [sql.identifier(table), sql.identifier(column)];
  const rows = await ctx.db.execute<Row>(sql`
    select ctid::text as place, ${sql.raw(label)} as label, ${value} as value from ${name}
    where substring(${value} from 1 for 1) = '\\x01'::bytea limit ${batchSize} for update`);
  if (rows.length === 0) return 0;
  // Signed agreements are append-only; what they say is not changed here.
  await ctx.db.execute(sql`alter table ${name} disable trigger user`);
  for (const row of rows)
    await ctx.db.execute(sql`
      update ${name} set ${value} = decode(${seal(open(row.value, row.label), row.label).toString("base64")}, 'base64')
      where ctid = ${row.place}::tid`);
  await ctx.db.execute(sql`alter table ${name} enable trigger user`);
  return rows.length;
}
