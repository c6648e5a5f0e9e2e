import { FileClock } from "lucide-react";
import { denial } from "#app/doors/refused.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { EndTimeline } from "#components/ending/end-timeline.tsx";
import { KeptList } from "#components/ending/kept-list.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { bundlePath } from "#lib/domain/bundles/rules.ts";
import { endingPage, openDebt } from "#lib/domain/ending/queries.ts";
import { staysWords } from "#lib/domain/ending/rules.ts";
import { documentForNewcomers } from "#lib/domain/terms/queries.ts";
import { ComeBack, Ended, GiveNotice, NoticeGiven, WithdrawFrom } from "./parts.tsx";

const endPage = page({
  can: "contract.read",
  title: "End of the agreement",
  description: "When it can end, what happens then, and how to come back (T-6-CONV, T-6-EFF).",
  load: async (ctx) => {
    const [ending, terms, debt, noEnd, noReturn] = await Promise.all([
      endingPage(ctx),
      documentForNewcomers(ctx, "terms"),
      openDebt(ctx),
      denial(ctx, "contract.terminate"),
      denial(ctx, "contract.resume"),
    ]);
    return { ending, terms, debt, noEnd, noReturn };
  },
  view: ({ ending, terms, debt, noEnd, noReturn }, ctx) => {
    const { agreement, termination, steps, kept, isOver } = ending;
    if (!agreement)
      return (
        <EmptyState icon={FileClock} title="No agreement has begun">
          It begins with the first use of the service, or when an admin agrees to the terms.
        </EmptyState>
      );
    return (
      <>
        {isOver ? (
          <>
            <Ended agreement={agreement} termination={termination} />
            <ComeBack ctx={ctx} agreement={agreement} terms={terms} debt={debt} reason={noReturn} kept={kept} />
          </>
        ) : (
          <>
            <NoticeGiven termination={termination} reason={noEnd} />
            <WithdrawFrom until={ending.withdrawableUntil} reason={noEnd} />
            <GiveNotice ending={ending} reason={noEnd} />
          </>
        )}
        <KeptList kept={kept} base={`/${ctx.workspaceId}`} />
        <p className="text-ui">
          <TextLink href={bundlePath(ctx.workspaceId)}>Take your data with you</TextLink>: everything the organization
          has here, as one archive.
        </p>
        <Card
          title="What happens when"
          description={termination ? staysWords : `If notice is given now. ${staysWords}`}
        >
          <EndTimeline steps={steps} now={ctx.now} />
        </Card>
      </>
    );
  },
});

export const { generateMetadata } = endPage;
export default endPage.default;
