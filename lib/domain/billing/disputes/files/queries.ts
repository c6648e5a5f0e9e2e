import { and, eq } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { disputeFiles } from "#db/schema/disputes.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { type AccountContext, inOrganization, type OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { lookAt } from "#lib/domain/staff/access/commands.ts";
import { storageKey } from "./rules.ts";
import type { KeptFile } from "./view.ts";

/** A file of a dispute, for those who see the organization's bills. */
export async function disputeFile(
  ctx: OrganizationContext,
  disputeId: Id<"dispute">,
  id: Id<"disputeFile">,
): Promise<KeptFile> {
  authorize(ctx.actor, "billing.read");
  const { organizationId } = ctx;
  const [file] = await ctx.db
    .select()
    .from(disputeFiles)
    .where(
      and(
        eq(disputeFiles.organizationId, organizationId),
        eq(disputeFiles.disputeId, disputeId),
        eq(disputeFiles.id, id),
      ),
    );
  if (!file) throw new AppError("not_found", "There is no such file.");
  return { ...file, key: storageKey(organizationId, disputeId, file.sha256) };
}

/** The same for staff, under a look. */
export async function disputeFileForStaff(
  ctx: AccountContext,
  organizationId: Id<"organization">,
  disputeId: Id<"dispute">,
  id: Id<"disputeFile">,
): Promise<KeptFile> {
  authorize(ctx.actor, "billing.decide");
  await lookAt(ctx, organizationId, { type: "dispute", id: disputeId });
  return disputeFile(inOrganization(ctx, organizationId), disputeId, id);
}
