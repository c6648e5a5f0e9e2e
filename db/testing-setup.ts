import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { startPostgres } from "./embedded.ts";
import { migrateDatabase } from "./migrate.ts";
import { templateName } from "./testing.ts";

/** One PostgreSQL for the whole run (`TEST_DATABASE_URL` for another), with a migrated template to clone. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const embedded = process.env.TEST_DATABASE_URL ? undefined : await startPostgres(".data/test/postgres");
  const url = process.env.TEST_DATABASE_URL ?? embedded?.url ?? "";
  const root = postgres(url, { max: 1, onnotice: () => {} });
  await root.unsafe(`drop database if exists ${templateName} with (force)`);
  await root.unsafe(`create database ${templateName}`);
  await root.end();
  const template = new URL(url);
  template.pathname = `/${templateName}`;
  await migrateDatabase(template.href);
  project.provide("postgresUrl", url);
  return async () => embedded?.stop();
}
