import { desc, eq } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { bundles } from "#db/schema/bundles.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { personOf } from "#lib/core/access/person.ts";
import type { Context } from "#lib/core/context.ts";
import { keyedHash } from "#lib/core/secrets.ts";
import { latestAgreement } from "#lib/domain/agreements/queries.ts";
import { bundlePath, lastBundleAt, signedText } from "./rules.ts";
import type { Bundle, BundlePage } from "./view.ts";

const shownAtOnce = 20;

/** The archives that were asked for, the latest first; the address of one is made for the person who asked for it. */
export async function bundlePage(ctx: Context): Promise<BundlePage> {
  authorize(ctx.actor, "contract.export");
  const [agreement, rows] = await Promise.all([latestAgreement(ctx), listed(ctx)]);
  const until = agreement?.endedAt ? lastBundleAt(agreement.endedAt) : null;
  return { bundles: rows, until, isOver: until !== null && until <= ctx.now };
}

async function listed(ctx: Context): Promise<Bundle[]> {
  const person = personOf(ctx.actor).id as Id<"user">;
  const { id, state, requestedAt, readyAt, expiresAt, bytes, files, sha256, downloads, requestedBy } = bundles;
  const rows = await ctx.db
    .select({
      ...{ id, state, requestedAt, readyAt, expiresAt, bytes, files, sha256, downloads, requestedBy },
      requestedByName: users.name,
    })
    .from(bundles)
    .innerJoin(users, eq(users.id, requestedBy))
    .where(eq(bundles.organizationId, ctx.organizationId))
    .orderBy(desc(requestedAt))
    .limit(shownAtOnce);
  return rows.map(({ requestedBy, ...row }) => {
    const { id, state, expiresAt } = row;
    const isTheirs = requestedBy === person && state === "ready" && expiresAt !== null && expiresAt > ctx.now;
    return { ...row, href: isTheirs ? hrefOf(ctx, { id, person, expiresAt }) : null };
  });
}

type Link = { id: Id<"bundle">; person: Id<"user">; expiresAt: Date };

function hrefOf({ workspaceId }: Context, { id, person, expiresAt }: Link): string {
  const expires = Math.floor(expiresAt.getTime() / 1000);
  const query = new URLSearchParams({
    expires: String(expires),
    signature: keyedHash(signedText(id, person, expires)),
  });
  return `${bundlePath(workspaceId)}/${id}?${query}`;
}
