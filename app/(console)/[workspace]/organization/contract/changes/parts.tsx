import { ButtonForm } from "#components/ui/button-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormText, FormTextarea } from "#components/ui/form-fields.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { instantWords } from "#lib/domain/agreements/letters.ts";
import type { Termination } from "#lib/domain/agreements/view.ts";
import { daysUntil } from "#lib/domain/publications/rules.ts";
import type { PendingChange } from "#lib/domain/terms/view.ts";
import { agree, endInstead } from "./actions.ts";

type Props = {
  change: PendingChange;
  /** The version that holds until then. */
  before: number;
  now: Date;
  termination: Termination | null;
  noAgreeing: string | null;
  noEnd: string | null;
};

/** One announced change, with both answers to it. */
export function Change({ change, before, now, termination, noAgreeing, noEnd }: Props) {
  const { kind, title, version, startsAt, noticedAt, agreedBy, whatChanges } = change;
  return (
    <Card
      title={`${title}, version ${version}`}
      description={
        <>
          Told to you on <Time at={noticedAt} form="instant" />. It holds for you from{" "}
          <Time at={startsAt} form="instant" />, in {daysUntil(startsAt, now)}; until then version {before} does.
        </>
      }
      footer={
        <div className="flex flex-wrap items-center gap-3">
          <Answer change={change} isEnding={termination !== null} noAgreeing={noAgreeing} />
          <Exit change={change} termination={termination} noEnd={noEnd} />
        </div>
      }
    >
      <div className="flex flex-col gap-3 text-ui">
        <p>{whatChanges}</p>
        <p>
          <TextLink href={`/legal/${kind}/${before}/diff/${version}`}>Read what changes</TextLink>
        </p>
        {agreedBy ? (
          <Notice tone="good">
            {agreedBy.name} agreed for the organization on <Time at={agreedBy.at} form="instant" />. You can still end
            the agreement until the date.
          </Notice>
        ) : null}
      </div>
    </Card>
  );
}

type AnswerProps = { change: PendingChange; isEnding: boolean; noAgreeing: string | null };

function Answer({ change: { id, sha256, agreedBy }, isEnding, noAgreeing }: AnswerProps) {
  if (agreedBy || isEnding) return null;
  if (noAgreeing) return <Denied label="Agree" reason={noAgreeing} />;
  return <ButtonForm button="Agree" done="Agreed." values={{ documentId: id, sha256 }} size="normal" act={agree} />;
}

type ExitProps = { change: PendingChange; termination: Termination | null; noEnd: string | null };

function Exit({ change: { id, startsAt }, termination, noEnd }: ExitProps) {
  const label = "I do not agree: end the agreement";
  if (termination && termination.endsAt <= startsAt)
    return <span className="text-ui">The agreement ends on {instantWords(termination.endsAt)}.</span>;
  if (noEnd) return <Denied label={label} reason={noEnd} />;
  return (
    <FormDialog
      trigger={label}
      triggerLook={{ tone: "bad" }}
      title="End the agreement"
      submit="End the agreement"
      hidden={{ documentId: id }}
      action={endInstead}
    >
      <p className="text-ui">
        The new version never binds you. Until the end everything works as now; from then on every request is refused.
        You can withdraw this until then.
      </p>
      <FormText
        label="When it ends"
        name="endsAt"
        help={`Empty: ${instantWords(startsAt)}, when the change would hold. Or an earlier instant, such as ${startsAt.toISOString()}.`}
      />
      <FormTextarea label="Why (optional)" name="words" />
    </FormDialog>
  );
}
