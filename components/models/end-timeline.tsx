import { Card } from "#components/ui/card.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { AnnouncedEnd } from "#lib/domain/lifecycle/view.ts";
import { modelPage } from "#lib/domain/models/rules.ts";

/** The announced end of a model, as it is for all customers. */
export function EndTimeline({
  end: { announcedAt, retiresAt, retiredAt, replacement, reason },
}: {
  end: AnnouncedEnd;
}) {
  return (
    <Card
      title={retiredAt ? "This model has retired" : "The end of this model is announced"}
      description={reason}
      footer="Each customer keeps it until this date or six months after their own letter, whichever is later. Your own date stands in the console, on the model's card, and in the Sunset header of its answers."
    >
      <DefinitionList
        rows={[
          { term: "Announced", value: <Time at={announcedAt} form="instant" /> },
          { term: retiredAt ? "Retired" : "Ends", value: <Time at={retiredAt ?? retiresAt} form="instant" /> },
          { term: "Use instead", value: <TextLink href={modelPage(replacement)}>{replacement}</TextLink> },
          { term: "New customers", value: "It is not offered to them since the announcement." },
        ]}
      />
    </Card>
  );
}
