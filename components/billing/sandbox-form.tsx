"use client";

import { FormMessage } from "#components/ui/form-message.tsx";
import { errorOf, typedOf } from "#components/ui/form-result.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { TextField } from "#components/ui/text-field.tsx";
import { useAction } from "#components/ui/use-action.ts";
import { useErrorFocus } from "#components/ui/use-error-focus.ts";
import type { Action } from "#lib/core/action-result.ts";

type Props = {
  /** The page it is entered on. */
  reference: string;
  button: string;
  enter: Action<void>;
};

/** A test number with its month and year, as a provider's page would ask for them. */
export function SandboxForm({ reference, button, enter }: Props) {
  const [result, submit, pending] = useAction(enter);
  const form = useErrorFocus(result);
  return (
    <form ref={form} action={submit} noValidate className="flex flex-col gap-2">
      <FormMessage result={result} />
      <input type="hidden" name="ref" value={reference} />
      <TextField
        label="Test card number or test IBAN"
        name="number"
        autoComplete="off"
        spellCheck={false}
        mono
        autoFocus
        defaultValue={typedOf(result, "number", "4242 4242 4242 4242")}
        error={errorOf(result, "number")}
      />
      <div className="grid grid-cols-2 gap-3">
        <TextField
          label="Month"
          name="expMonth"
          inputMode="numeric"
          autoComplete="off"
          maxLength={2}
          defaultValue={typedOf(result, "expMonth", "12")}
          help="Not needed for an IBAN."
          error={errorOf(result, "expMonth")}
        />
        <TextField
          label="Year"
          name="expYear"
          inputMode="numeric"
          autoComplete="off"
          maxLength={4}
          defaultValue={typedOf(result, "expYear", "2040")}
          error={errorOf(result, "expYear")}
        />
      </div>
      <SubmitButton size="large" stretch pending={pending}>
        {button}
      </SubmitButton>
    </form>
  );
}
