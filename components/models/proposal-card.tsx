import type { ReactNode } from "react";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { Time } from "#components/ui/time.tsx";
import type { ProposedEnd } from "#lib/domain/lifecycle/view.ts";

type Act = Parameters<typeof ButtonForm>[0]["act"];
type Props = { proposal: ProposedEnd; isOwn: boolean; announce: Act; withdraw: Act };

/** An end that one person has written down, for another one to announce. */
export function ProposalCard({
  proposal: { id, modelId, replacement, retiresAt, reason },
  isOwn,
  ...acts
}: Props): ReactNode {
  return (
    <Card
      title={`${modelId} is to end`}
      description={reason}
      footer={
        <div className="flex flex-wrap items-center gap-3">
          {isOwn ? (
            <span className="text-text-soft">You wrote it down. Another person has to announce it.</span>
          ) : (
            <ButtonForm button="Announce to customers" values={{ id }} size="normal" act={acts.announce} />
          )}
          <ButtonForm button="Take back" values={{ id }} size="normal" act={acts.withdraw} />
        </div>
      }
    >
      <p>
        It ends on <Time at={retiresAt} form="instant" />, or six months after a customer's own letter. {replacement}{" "}
        replaces it.
      </p>
    </Card>
  );
}
