import { disconnect } from "#db/client.ts";
import { migrateDatabase } from "#db/migrate.ts";
import { publishBilling } from "#lib/domain/billing/accounts/commands.ts";
import { settleKeyring } from "#lib/domain/retention/keyring/commands.ts";
import { publishDocuments } from "#lib/domain/terms/commands.ts";
import { scenarios, seedWorld } from "./seed-world.ts";
import { letGo, refuse, settleEnvironment } from "./settle-environment.ts";
import { systemContext } from "./system-context.ts";

async function main(): Promise<void> {
  const name = process.argv[2] ?? "";
  const scenario = scenarios[name];
  if (!scenario) throw new Error(`Choose a scenario: npm run seed -- ${Object.keys(scenarios).join(" | ")}.`);
  if (process.env.DATABASE_URL)
    throw new Error("Scenarios are for the embedded demo database; DATABASE_URL is set, so nothing was written.");
  const { postgres } = await settleEnvironment();
  await migrateDatabase(process.env.DATABASE_URL ?? "");
  await publishDocuments(systemContext("seed"));
  await publishBilling(systemContext("seed"));
  await settleKeyring(systemContext("seed"));
  await seedWorld(scenario);
  console.log(`Seeded ${name}.`);
  await disconnect();
  await letGo(postgres);
}

await main().catch(refuse);
