import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { now } from "#lib/core/clock.ts";
import { newKeyring } from "#lib/core/keyring/document.ts";
import { writeKeyring } from "#lib/core/keyring/keyring.ts";
import { startPostgres } from "./embedded.ts";
import { migrateDatabase } from "./migrate.ts";
import { templateKeyring, templateName } from "./testing.ts";

/** One PostgreSQL for the whole run (`TEST_DATABASE_URL` for another), with a migrated template to clone. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const embedded = process.env.TEST_DATABASE_URL ? undefined : await startPostgres(".data/test/postgres");
  const url = process.env.TEST_DATABASE_URL ?? embedded?.url ?? "";
  const root = postgres(url, { max: 1, onnotice: () => {} });
  if (embedded) await trustMemory(root);
  await root.unsafe(`drop database if exists ${templateName} with (force)`);
  await root.unsafe(`create database ${templateName}`);
  await root.end();
  const template = new URL(url);
  template.pathname = `/${templateName}`;
  await migrateDatabase(template.href);
  await makeKeyring(project.config.env);
  project.provide("postgresUrl", url);
  return async () => embedded?.stop();
}

/** What these databases hold need not outlive the machine, only its processes, so nothing waits for the disk. */
async function trustMemory(root: postgres.Sql): Promise<void> {
  for (const setting of ["fsync", "full_page_writes"]) await root.unsafe(`alter system set ${setting} = off`);
  await root`select pg_reload_conf()`;
}

/** Each test file gets a copy of it. */
async function makeKeyring(env: Partial<NodeJS.ProcessEnv>): Promise<void> {
  const { AUTH_SECRET, KEY_PEPPER, CONTENT_KEY } = env;
  Object.assign(process.env, { AUTH_SECRET, KEY_PEPPER, CONTENT_KEY, KEYRING: templateKeyring });
  await writeKeyring(newKeyring(now()));
}
