import { Card } from "#components/ui/card.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormText, FormTextarea } from "#components/ui/form-fields.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { instantWords } from "#lib/domain/agreements/letters.ts";
import type { Termination } from "#lib/domain/agreements/view.ts";
import { daysUntil } from "#lib/domain/publications/rules.ts";
import type { PendingSubprocessor } from "#lib/domain/subprocessors/view.ts";
import { endOver, object } from "./actions.ts";

type Props = {
  subprocessor: PendingSubprocessor;
  now: Date;
  termination: Termination | null;
  noObjecting: string | null;
  noEnd: string | null;
};

/** One that is announced, with what the customer can do until it is added. */
export const PendingCard = ({ subprocessor, now, termination, noObjecting, noEnd }: Props) => (
  <Card
    title={`New subprocessor: ${subprocessor.name}`}
    description={
      <>
        Told to you on <Time at={subprocessor.noticedAt} form="instant" />. It processes your data from{" "}
        <Time at={subprocessor.startsAt} form="instant" />, in {daysUntil(subprocessor.startsAt, now)}.
      </>
    }
    footer={
      <div className="flex flex-wrap items-center gap-3">
        <Objection id={subprocessor.id} reason={noObjecting} />
        <Exit subprocessor={subprocessor} termination={termination} noEnd={noEnd} />
      </div>
    }
  >
    <DefinitionList
      rows={[
        { term: "Purpose", value: subprocessor.purpose },
        { term: "Location", value: subprocessor.location },
        { term: "Data", value: subprocessor.data },
        { term: "Address", value: <TextLink href={subprocessor.url}>{subprocessor.url}</TextLink> },
      ]}
    />
  </Card>
);

function Objection({ id, reason }: { id: string; reason: string | null }) {
  if (reason) return <Denied label="Object" reason={reason} />;
  return (
    <FormDialog
      trigger="Object"
      title="Object to this subprocessor"
      submit="Send objection"
      hidden={{ id }}
      action={object}
    >
      <p className="text-ui">It opens a ticket in Help, where our staff answer.</p>
      <FormTextarea label="What you object to" name="body" rows={5} />
    </FormDialog>
  );
}

type ExitProps = Pick<Props, "subprocessor" | "termination" | "noEnd">;

function Exit({ subprocessor: { id, startsAt }, termination, noEnd }: ExitProps) {
  const label = "End the agreement";
  if (termination && termination.endsAt <= startsAt)
    return <span className="text-ui">The agreement ends on {instantWords(termination.endsAt)}.</span>;
  if (noEnd) return <Denied label={label} reason={noEnd} />;
  return (
    <FormDialog
      trigger={label}
      triggerLook={{ tone: "bad" }}
      title={label}
      submit={label}
      hidden={{ id }}
      action={endOver}
    >
      <p className="text-ui">
        Until the end everything works as now; from then on every request is refused. You can withdraw this until then.
      </p>
      <FormText
        label="When it ends"
        name="endsAt"
        help={`Empty: ${instantWords(startsAt)}, when it would be added. Or an earlier instant, such as ${startsAt.toISOString()}.`}
      />
      <FormTextarea label="Why (optional)" name="words" />
    </FormDialog>
  );
}
