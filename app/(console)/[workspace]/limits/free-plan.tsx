import { cache } from "react";
import { Card } from "#components/ui/card.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { Context } from "#lib/core/context.ts";
import { currentPlan } from "#lib/domain/contract/values/queries.ts";

/** On the free plan nothing is billed, so pages leave out spending and limits of it that no one has set. */
export const isFree = cache(async (ctx: Context): Promise<boolean> => (await currentPlan(ctx)) === "free");

/** In the place of spend limits, where nothing can be spent. */
export const FreeOfCharge = ({ ctx }: { ctx: Context }) => (
  <Card id="spend" title="Spend limits">
    <p className="max-w-[64ch] text-ui">
      The free plan costs nothing, so there is no spending to limit.{" "}
      <TextLink href={`/${ctx.workspaceId}/limits#plan`}>See what is free and how to upgrade</TextLink>. After an
      upgrade the organization, each workspace and each key can have a limit.
    </p>
  </Card>
);
