import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import type { TransactionSql } from "postgres";

/** The head of each function of a file: its name, and what stands between that and its language. */
type Heads = Record<string, string>;
type File = { name: string; text: string; digest: string; heads: Heads };
type Applied = Pick<File, "name" | "digest" | "heads">;

/**
 * Brings the functions of the database to what the folder holds: files that are new or changed are applied, and what a
 * file no longer makes is dropped. A trigger stands in the file of its function, because it comes and goes with it.
 */
export async function applyFunctions(tx: TransactionSql, folder: string): Promise<void> {
  const files = filesOf(folder);
  await tx`create table if not exists drizzle.applied_functions (
    name text primary key, digest text not null, heads jsonb not null, applied_at timestamptz not null default now())`;
  const applied = await tx<Applied[]>`select name, digest, heads from drizzle.applied_functions`;
  const isOutdated = ({ name, digest }: Applied) => files.every((file) => file.name !== name || file.digest !== digest);
  const isChanged = ({ name, digest }: File) => applied.every((old) => old.name !== name || old.digest !== digest);
  // All drops come first, so that a function can move from one file to another.
  for (const old of applied.filter(isOutdated))
    await retire(
      tx,
      old,
      files.find(({ name }) => name === old.name),
    );
  // A function may call one of a later file.
  await tx`set local check_function_bodies = off`;
  for (const file of files.filter(isChanged)) await apply(tx, file);
}

function filesOf(folder: string): File[] {
  const names = fs.readdirSync(folder).filter((name) => name.endsWith(".sql"));
  const files = names.toSorted().map((name): File => {
    const text = fs.readFileSync(path.join(folder, name), "utf8");
    return { name, text, digest: createHash("sha256").update(text).digest("hex"), heads: headsOf(text) };
  });
  const made = files.flatMap(({ heads }) => Object.keys(heads)).toSorted();
  const twice = made.find((name, index) => name === made[index + 1]);
  if (twice) throw new Error(`Two files of ${folder} make the function ${twice}.`);
  return files;
}

function headsOf(text: string): Heads {
  const found = text.matchAll(/^create or replace function (\w+)\s*(\(.*?)\s+language\s/gims);
  return Object.fromEntries(Array.from(found, ([, name = "", head = ""]) => [name, head.replace(/\s+/g, " ")]));
}

/** Drops what the file's next version might not make again, or could not replace. */
async function retire(tx: TransactionSql, old: Applied, next: File | undefined): Promise<void> {
  const names = Object.keys(old.heads);
  const users = await tx<{ statement: string }[]>`
    with mine as (select oid from pg_proc where pronamespace = 'public'::regnamespace and proname = any(${names}))
    select format('drop trigger %I on %s', tgname, tgrelid::regclass) as statement from pg_trigger
      where tgfoid in (select oid from mine) and tgparentid = 0
    union all select distinct format('drop policy %I on %s', polname, polrelid::regclass) from pg_policy
      join pg_depend on classid = 'pg_policy'::regclass and objid = pg_policy.oid
      where refclassid = 'pg_proc'::regclass and refobjid in (select oid from mine)`;
  for (const { statement } of users) await tx.unsafe(statement);
  // A function with the same head is replaced instead, so that statements under way still find it.
  for (const name of names.filter((name) => next?.heads[name] !== old.heads[name]))
    await tx`drop function if exists ${tx(`public.${name}`)}`;
  if (!next) await tx`delete from drizzle.applied_functions where name = ${old.name}`;
}

async function apply(tx: TransactionSql, { name, text, digest, heads }: File): Promise<void> {
  try {
    await tx.unsafe(text);
  } catch (cause) {
    throw new Error(`The functions of ${name} could not be applied: ${(cause as Error).message}`, { cause });
  }
  await tx`insert into drizzle.applied_functions (name, digest, heads) values (${name}, ${digest}, ${tx.json(heads)})
    on conflict (name) do update set digest = excluded.digest, heads = excluded.heads, applied_at = now()`;
}
