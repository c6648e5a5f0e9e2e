import { db } from "#db/client.ts";
import { seedDemo, seedFree } from "#db/seed/demo.ts";
import { seedNearLimit } from "#db/seed/near-limit.ts";
import { demoPassword, type World } from "#db/seed/world.ts";
import { newSecret } from "#lib/core/api-keys/secret.ts";
import { now } from "#lib/core/clock.ts";
import { hashPassword } from "#lib/core/password.ts";
import { keyedHash, seal } from "#lib/core/secrets.ts";
import { newAgentSealer } from "#lib/domain/agents/sealing/queries.ts";

type Scenario = (world: World) => Promise<unknown>;

export const scenarios: Record<string, Scenario> = {
  demo: seedDemo,
  contract: async (world) => (await import("./demo-contract.ts")).seedContract(world),
  "free-plan": seedFree,
  "near-limit": seedNearLimit,
};

/** Runs a scenario whole or not at all. */
export async function seedWorld(scenario: Scenario): Promise<void> {
  const passwordHash = await hashPassword(demoPassword);
  // What renders documents is large, and only a start that seeds needs it.
  const { billsOf } = await import("./demo-bills.ts");
  const { ticketsOf } = await import("./demo-tickets.ts");
  const { abuseOf } = await import("./demo-abuse.ts");
  const { assistanceOf } = await import("./demo-assistance.ts");
  const { tuningOf } = await import("./demo-tuning.ts");
  const at = now();
  await db().transaction((tx) =>
    scenario({
      db: tx,
      now: at,
      passwordHash,
      hashSecret: keyedHash,
      newSecret,
      seal,
      sealAgent: newAgentSealer,
      bills: billsOf(tx, at),
      abuse: abuseOf(tx, at),
      tuning: tuningOf(tx, at),
      tickets: (helped) => [...ticketsOf(tx, at)(helped), ...assistanceOf(tx, at)(helped)],
    }),
  );
}
