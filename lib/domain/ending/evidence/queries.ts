import { authorize } from "#lib/core/access/authorize.ts";
import type { EvidenceOf } from "#lib/core/clauses/evidence.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { latestAgreement, terminationOf } from "#lib/domain/agreements/queries.ts";
import { endOf } from "#lib/domain/agreements/rules.ts";
import { contractSources } from "#lib/domain/contract/values/queries.ts";
import { plainValue } from "#lib/domain/contract/values/rules.ts";
import { keptOf } from "#lib/domain/ending/queries.ts";
import { endingRows } from "./rules.ts";

export async function endingEvidence(ctx: OrganizationContext): Promise<EvidenceOf<"ending">> {
  authorize(ctx.actor, "contract.read");
  const [agreement, termination, facts] = await Promise.all([
    latestAgreement(ctx),
    terminationOf(ctx),
    contractSources(ctx),
  ]);
  const clocks = agreement ? await keptOf(ctx, agreement.number) : [];
  const days = plainValue(facts, "days.termination", ctx.now);
  const isOpen = agreement !== null && agreement.endedAt === null && termination === null;
  return endingRows({
    hasBegun: agreement !== null,
    firstEnd: isOpen ? endOf(ctx.now, days) : null,
    days,
    termination,
    clocks,
    now: ctx.now,
  });
}
