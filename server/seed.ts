import { disconnect } from "#db/client.ts";
import { env } from "#lib/core/env.ts";
import { scenarios, seedWorld } from "./seed-world.ts";
import { prepareDatabase } from "./serving.ts";
import { letGo, refuse, settleEnvironment } from "./settle-environment.ts";

async function main(): Promise<void> {
  const name = process.argv[2] ?? "";
  const scenario = scenarios[name];
  if (!scenario) throw new Error(`Choose a scenario: npm run seed -- ${Object.keys(scenarios).join(" | ")}.`);
  if (process.env.DATABASE_URL)
    throw new Error("Scenarios are for the embedded demo database; DATABASE_URL is set, so nothing was written.");
  const { postgres } = await settleEnvironment();
  try {
    // Without the demo of a start: the scenario is what is asked for.
    await prepareDatabase(process.env.DATABASE_URL ?? "", { ...env(), DEMO: "off" });
    await seedWorld(scenario);
    console.log(`Seeded ${name}.`);
  } finally {
    await disconnect();
    await letGo(postgres);
  }
}

await main().catch(refuse);
