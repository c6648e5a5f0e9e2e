"use client";

import { FormMessage } from "#components/ui/form-message.tsx";
import { errorOf } from "#components/ui/form-result.ts";
import { SelectField } from "#components/ui/select-field.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { TextareaField } from "#components/ui/textarea-field.tsx";
import { useFormAction } from "#components/ui/use-form-action.ts";
import type { Action } from "#lib/core/action-result.ts";
import { lookMinutes, lookReasons } from "#lib/domain/staff/access/rules.ts";

const options = [
  { value: "", label: "Choose a reason" },
  ...Object.entries(lookReasons).map(([value, label]) => ({ value, label })),
];

/** Why a person of the staff looks at a customer: a reason to choose and a sentence of their own. */
export function LookForm({ organizationId, open }: { organizationId: string; open: Action<void> }) {
  const { result, pending, form } = useFormAction(open);
  return (
    <form {...form} noValidate className="flex flex-col gap-3">
      <FormMessage result={result} />
      <input type="hidden" name="organizationId" value={organizationId} />
      <SelectField label="Reason" name="reason" options={options} defaultValue="" error={errorOf(result, "reason")} />
      <TextareaField
        label="What you look for"
        name="words"
        rows={3}
        maxLength={500}
        help="The customer reads this in their audit log, with your name."
        error={errorOf(result, "words")}
      />
      <div className="flex justify-end">
        <SubmitButton pending={pending}>Look for {lookMinutes} minutes</SubmitButton>
      </div>
    </form>
  );
}
