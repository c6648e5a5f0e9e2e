import { and, eq } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { connections } from "#db/schema/connections.ts";
import { part } from "#lib/core/command.ts";
import { openConnectionSecret } from "#lib/core/connection-secrets.ts";
import type { Context, OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { isLive } from "#lib/domain/connections/queries.ts";

const its = ({ organizationId }: OrganizationContext, id: Id<"connection">) =>
  and(eq(connections.organizationId, organizationId), eq(connections.id, id), eq(connections.connector, "wandb"));

/** The project that a connection names, for a job of this workspace that wants to report there. */
export const projectOf = part(async (ctx: Context, id: Id<"connection">): Promise<string> => {
  const [found] = await ctx.db.select().from(connections).where(its(ctx, id));
  const isHere = found && (found.workspaceId === null || found.workspaceId === ctx.workspaceId);
  if (!isHere || !["connected", "failing"].includes(found.state))
    throw new AppError(
      "invalid",
      "There is no connection to Weights & Biases with this id that works in this workspace.",
      {
        code: "connection_not_usable",
      },
    );
  return String(found.settings.project);
});

/** The key to report with now; `wait` while a person has to see to the connection, `gone` once it is disconnected. */
export const reportingKey = part(
  async (ctx: OrganizationContext, id: Id<"connection">): Promise<{ key: string } | "wait" | "gone"> => {
    const [found] = await ctx.db.select().from(connections).where(its(ctx, id));
    if (!found?.sealedSecret) return "gone";
    if (!(await isLive(ctx, id))) return "wait";
    return { key: (await openConnectionSecret(found)).apiKey ?? "" };
  },
);
