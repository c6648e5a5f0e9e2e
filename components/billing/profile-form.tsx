"use client";

import { useState } from "react";
import { Card } from "#components/ui/card.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { FormSelect, FormText, FormTextarea, ResultContext } from "#components/ui/form-fields.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { typedOf } from "#components/ui/form-result.ts";
import type { Option } from "#components/ui/select.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useAction } from "#components/ui/use-action.ts";
import { useErrorFocus } from "#components/ui/use-error-focus.ts";
import type { Action, ActionResult } from "#lib/core/action-result.ts";

type Profile = {
  type: "business" | "consumer";
  name: string;
  line1?: string;
  line2?: string | null;
  postalCode?: string;
  city?: string;
  country?: string;
  vatId?: string | null;
  poNumber?: string | null;
  emails?: readonly string[];
};

type Props = {
  profile: Profile;
  vatStatus: keyof typeof vatWords;
  countries: readonly Option[];
  /** Why the reader cannot change it. */
  reason: string | null;
  save: Action<void>;
};

const types = [
  { value: "business", label: "Business" },
  { value: "consumer", label: "Consumer" },
];

const vatWords = {
  none: "Leave empty if you have none.",
  unchecked: "Its form is right; the register has not answered yet.",
  valid: "Checked in the register.",
  invalid: "The register does not know this number, so VAT is charged.",
} as const;

/** Who is billed, and where invoices go. */
export function ProfileForm({ profile, vatStatus, countries, reason, save }: Props) {
  const [result, submit, pending] = useAction(save);
  const form = useErrorFocus(result);
  return (
    <form ref={form} action={submit} noValidate aria-label="Billing profile">
      <Card
        title="Billing profile"
        hint={<span role="status">{result?.ok && !pending ? "Saved." : null}</span>}
        footer={
          reason ? (
            <Denied label="Save profile" reason={reason} />
          ) : (
            <SubmitButton pending={pending}>Save profile</SubmitButton>
          )
        }
      >
        <FormMessage result={result} />
        <ResultContext value={result}>
          <Fields profile={profile} vatStatus={vatStatus} countries={countries} result={result} />
        </ResultContext>
      </Card>
    </form>
  );
}

type FieldsProps = Pick<Props, "profile" | "vatStatus" | "countries"> & { result: ActionResult<void> | undefined };

function Fields({ profile, vatStatus, countries, result }: FieldsProps) {
  const [type, setType] = useState<string>(profile.type);
  const typed = (name: string, now: string | null | undefined) => typedOf(result, name, now ?? "");
  return (
    <div className="grid gap-x-4 gap-y-2 sm:grid-cols-2">
      <FormSelect
        label="Customer"
        name="type"
        options={types}
        value={type}
        onChange={({ target }) => setType(target.value)}
        help="Consumers have rights of their own, and no VAT id."
      />
      <FormText
        label="Name"
        name="name"
        autoComplete="organization"
        maxLength={200}
        defaultValue={typed("name", profile.name)}
        help="As invoices are made out."
      />
      <Address profile={profile} countries={countries} typed={typed} />
      {type === "consumer" ? null : (
        <FormText
          label="VAT id"
          hint="optional"
          name="vatId"
          autoComplete="off"
          spellCheck={false}
          maxLength={30}
          defaultValue={typed("vatId", profile.vatId)}
          help={vatWords[vatStatus]}
        />
      )}
      <FormText
        label="Purchase order number"
        hint="optional"
        name="poNumber"
        autoComplete="off"
        maxLength={100}
        defaultValue={typed("poNumber", profile.poNumber)}
        help="Your own reference, written on invoices."
      />
      <FormTextarea
        label="E-mail addresses for invoices"
        hint="optional"
        name="emails"
        rows={3}
        defaultValue={typed("emails", profile.emails?.join("\n"))}
        help="One a line. Organization admins and billing managers get invoices anyway."
      />
    </div>
  );
}

type AddressProps = Pick<Props, "profile" | "countries"> & {
  typed: (name: string, now: string | null | undefined) => string;
};

const lines = [
  { name: "line1", label: "Street and number", autoComplete: "address-line1", maxLength: 200 },
  { name: "line2", label: "Second line", hint: "optional", autoComplete: "address-line2", maxLength: 200 },
  { name: "postalCode", label: "Postal code", autoComplete: "postal-code", maxLength: 20 },
  { name: "city", label: "City", autoComplete: "address-level2", maxLength: 100 },
] as const;

const Address = ({ profile, countries, typed }: AddressProps) => (
  <>
    {lines.map((line) => (
      <FormText key={line.name} {...line} defaultValue={typed(line.name, profile[line.name])} />
    ))}
    <FormSelect
      label="Country"
      name="country"
      options={[{ value: "", label: "Choose a country" }, ...countries]}
      defaultValue={typed("country", profile.country)}
    />
  </>
);
