import { db, sql } from "#db/client.ts";
import { openDataPlane } from "#lib/data-plane.ts";
import { servedModels } from "#lib/engine/engines.ts";
import { env } from "#lib/env.ts";
import { createKey } from "#lib/keys/commands.ts";
import { publishCatalogue } from "#lib/models/commands.ts";
import { provisionOrganization } from "#lib/organizations/provisioning/commands.ts";
import { preparePartitions } from "#lib/usage/commands.ts";
import { openFront } from "#server/front.ts";
import { inWorkspace, systemContext } from "#server/system-context.ts";

/** The product's own front, with every guard it has in production and one customer; the console is left out. */
export async function openGateway(): Promise<{ port: number; secret: string }> {
  const ctx = systemContext("bench");
  await preparePartitions(ctx);
  await publishCatalogue(ctx, servedModels(env()));
  const { organizationId, workspaceId, userId } = await provisionOrganization(ctx, {
    name: "Bench",
    ownerEmail: "bench@example.com",
    plan: "paid",
  });
  const input = {
    name: "bench",
    scopes: ["completions:create" as const],
    models: null,
    addresses: null,
    expiresInDays: null,
  };
  const { secret } = await createKey(inWorkspace({ ...ctx, db: db() }, organizationId, workspaceId), input, userId);
  const plane = await openDataPlane(sql(), env());
  const { port } = await openFront({ env: { ...env(), PORT: 0 }, plane, consolePort: undefined });
  return { port, secret };
}
