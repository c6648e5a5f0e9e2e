import { randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import postgres from "postgres";
import { afterAll, inject } from "vitest";
import { type Db, disconnect, type Sql } from "./client.ts";
import { connect } from "./pool.ts";

declare module "vitest" {
  interface ProvidedContext {
    postgresUrl: string;
  }
}

export const templateName = "comptoir_template";
export const templateKeyring = ".data/test/keyring/template";

/** A database of this test file's own, cloned from the migrated template, which `db()` and `sql()` then reach; and a folder. */
export async function testDatabase(): Promise<{ db: Db; sql: Sql; url: string }> {
  const root = postgres(inject("postgresUrl"), { max: 1, onnotice: () => {} });
  const name = `test_${randomBytes(6).toString("hex")}`;
  await root.unsafe(`create database ${name} template ${templateName}`);
  const address = new URL(inject("postgresUrl"));
  address.pathname = `/${name}`;
  process.env.DATABASE_URL = address.href;
  const folder = path.join(os.tmpdir(), name);
  const keyring = path.join(folder, "keyring");
  fs.mkdirSync(folder, { recursive: true });
  fs.copyFileSync(templateKeyring, keyring);
  Object.assign(process.env, { KEYRING: keyring, DATA_DIR: folder });
  const { sql, db } = connect(address.href);
  afterAll(async () => {
    await disconnect();
    await sql.end({ timeout: 5 });
    await root.unsafe(`drop database ${name} with (force)`);
    await root.end();
    fs.rmSync(folder, { recursive: true, force: true });
  });
  return { db, sql, url: address.href };
}
