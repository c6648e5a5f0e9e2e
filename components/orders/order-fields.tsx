import { FormFiles } from "#components/ui/file-field.tsx";
import { FormSelect, FormText, FormTextarea } from "#components/ui/form-fields.tsx";
import { offeredKeys, signedLimits, writtenTerms } from "#lib/domain/orders/rules.ts";
import type { OrderView } from "#lib/domain/orders/view.ts";

const dayOf = (at: Date): string => at.toISOString().slice(0, 10);
const lastDayOf = (end: Date | null): string => (end ? dayOf(new Date(end.getTime() - 1)) : "");

/** The document that was signed. */
export const SignedPdf = ({ label, hint }: { label: string; hint?: string }) => (
  <FormFiles
    label={label}
    name="file"
    accept="application/pdf,.pdf"
    {...(hint && { hint })}
    help={`A PDF of up to ${signedLimits.megabytesEach} MB.`}
    limits={signedLimits}
  />
);

type Props = {
  order?: OrderView;
  /** Master agreements it can be placed under, by id. */
  agreements: readonly { value: string; label: string }[];
};

/** What an order is: its number, its days, what it says. */
export function OrderFields({ order, agreements }: Props) {
  return (
    <>
      <FormText label="Number" name="number" defaultValue={order?.number} help="The customer's own." />
      <FormText label="Signed on" name="signedAt" type="date" defaultValue={order && dayOf(order.signedAt)} />
      <FormText label="First day" name="startsAt" type="date" defaultValue={order && dayOf(order.startsAt)} />
      <FormText
        label="Last day"
        name="endsAt"
        type="date"
        hint="optional"
        defaultValue={order && lastDayOf(order.endsAt)}
        help="It applies until the end of this day (UTC)."
      />
      <FormText
        label="Rank"
        name="position"
        inputMode="numeric"
        hint="optional"
        defaultValue={order?.position ?? undefined}
        help="Needed where two orders state the same; the lower one goes first."
      />
      {agreements.length > 0 ? (
        <FormSelect
          label="Master agreement"
          name="agreementId"
          options={[{ value: "", label: "None" }, ...agreements]}
          defaultValue={order?.agreementId ?? ""}
          help="Of the same customer; what the order states goes before it."
        />
      ) : null}
      <FormTextarea
        label="Terms"
        name="terms"
        rows={8}
        mono
        defaultValue={order && writtenTerms(order.terms)}
        help={`One a line, such as "days.net = 45"; amounts in euros. Values: ${offeredKeys.join(", ")}.`}
      />
      <FormTextarea label="Note" name="note" rows={2} hint="optional" defaultValue={order?.note ?? undefined} />
      <SignedPdf label="Signed order" hint="optional" />
    </>
  );
}
