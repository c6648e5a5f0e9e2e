"use client";

import type { Action } from "#lib/core/action-result.ts";
import { FormHidden } from "./form-fields.tsx";
import { FormMessage } from "./form-message.tsx";
import { SubmitButton } from "./submit-button.tsx";
import { useAction } from "./use-action.ts";

type Props = {
  button: string;
  /** What is said in place of the button once it is done. */
  done?: string;
  values?: Readonly<Record<string, string>>;
  size?: "small" | "normal" | "large";
  act: Action<void>;
};

/** One button that does one thing at once. */
export function ButtonForm({ button, done, values = {}, size = "small", act }: Props) {
  const [result, submit] = useAction(act);
  if (result?.ok && done) return <p role="status">{done}</p>;
  return (
    <form action={submit} className="flex flex-col gap-3">
      <FormMessage result={result} />
      <FormHidden values={values} />
      {size === "large" ? (
        <SubmitButton size="large" stretch>
          {button}
        </SubmitButton>
      ) : (
        <SubmitButton size={size} emphasis="secondary">
          {button}
        </SubmitButton>
      )}
    </form>
  );
}
