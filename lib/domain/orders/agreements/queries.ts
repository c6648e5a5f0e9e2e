import { and, desc, eq, inArray } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { masterAgreements } from "#db/schema/orders.ts";
import { organizations } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { type AccountContext, inOrganization, type OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { open } from "#lib/core/secrets.ts";
import { agreementLabel } from "#lib/domain/orders/rules.ts";
import type { OrderFile } from "#lib/domain/orders/view.ts";
import { lookAt } from "#lib/domain/staff/access/commands.ts";
import { openLooks } from "#lib/domain/staff/access/queries.ts";
import type { Agreement, DeskAgreement } from "./view.ts";

/** Everything but the file. */
const shown = {
  id: masterAgreements.id,
  organizationId: masterAgreements.organizationId,
  number: masterAgreements.number,
  signedAt: masterAgreements.signedAt,
  fileName: masterAgreements.fileName,
  createdAt: masterAgreements.createdAt,
};

const latestFirst = [desc(masterAgreements.signedAt), desc(masterAgreements.id)];

/** The master agreements the organization has signed, the latest first. */
export async function agreementsOf(ctx: OrganizationContext): Promise<Agreement[]> {
  authorize(ctx.actor, "orders.read");
  return ctx.db
    .select(shown)
    .from(masterAgreements)
    .where(eq(masterAgreements.organizationId, ctx.organizationId))
    .orderBy(...latestFirst)
    .limit(50);
}

/** The signed agreement, as the customer keeps it too. */
export async function agreementFile(ctx: OrganizationContext, id: Id<"agreement">): Promise<OrderFile> {
  authorize(ctx.actor, "orders.read");
  return fileOf(ctx, id);
}

export async function agreementFileForStaff(
  ctx: AccountContext,
  organizationId: Id<"organization">,
  id: Id<"agreement">,
): Promise<OrderFile> {
  authorize(ctx.actor, "orders.decide");
  await lookAt(ctx, organizationId, { type: "agreement", id });
  return fileOf(inOrganization(ctx, organizationId), id);
}

async function fileOf({ db, organizationId }: OrganizationContext, id: Id<"agreement">): Promise<OrderFile> {
  const [row] = await db
    .select({ name: masterAgreements.fileName, file: masterAgreements.file })
    .from(masterAgreements)
    .where(and(eq(masterAgreements.organizationId, organizationId), eq(masterAgreements.id, id)));
  if (!row) throw new AppError("not_found", "There is no such file.");
  return { name: row.name, bytes: open(row.file, agreementLabel(organizationId, id)) };
}

/** Those of the customers this person of the staff may look at now. */
export async function deskAgreements(ctx: AccountContext): Promise<DeskAgreement[]> {
  authorize(ctx.actor, "orders.decide");
  const customers = (await openLooks(ctx)).map(({ organizationId }) => organizationId);
  return ctx.db
    .select({ ...shown, organizationName: organizations.name })
    .from(masterAgreements)
    .innerJoin(organizations, eq(organizations.id, masterAgreements.organizationId))
    .where(inArray(masterAgreements.organizationId, customers))
    .orderBy(...latestFirst)
    .limit(100);
}
