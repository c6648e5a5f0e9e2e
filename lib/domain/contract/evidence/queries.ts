import { authorize } from "#lib/core/access/authorize.ts";
import type { EvidenceOf } from "#lib/core/clauses/evidence.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { plainKeys } from "#lib/domain/contract/keys/rules.ts";
import { contractSources } from "#lib/domain/contract/values/queries.ts";
import { documentRanks, plainValue, planOf } from "#lib/domain/contract/values/rules.ts";
import { rowsOf, type ValueRow } from "#lib/domain/contract/values/view.ts";
import { loadCatalogue } from "#lib/domain/models/catalogue.ts";
import { contractRows } from "./rules.ts";

export async function contractEvidence(ctx: OrganizationContext): Promise<EvidenceOf<"contract">> {
  authorize(ctx.actor, "contract.read");
  const [facts, { models }] = await Promise.all([contractSources(ctx), loadCatalogue(ctx.db, ctx.now)]);
  const rows = rowsOf(facts, plainKeys, ctx.now);
  return contractRows({
    plan: planOf(facts, ctx.now),
    canShare: plainValue(facts, "agents.sharing", ctx.now),
    canTune: models.some(({ capabilities }) => capabilities.fine_tuning),
    titles: titlesOf(rows),
    overruled: rows.filter(({ overruled }) => overruled.length > 0).length,
  });
}

/** The documents that values come from, the one that goes before the others first. */
function titlesOf(rows: readonly ValueRow[]): string[] {
  const found = documentRanks.flatMap((kind) => rows.filter(({ source }) => source.kind === kind));
  return [...new Set(found.map(({ source }) => source.title))];
}
