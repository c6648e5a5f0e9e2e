import { type FormEvent, type RefObject, startTransition } from "react";
import type { Action, ActionResult } from "#lib/core/action-result.ts";
import { useAction } from "./use-action.ts";
import { useErrorFocus } from "./use-error-focus.ts";

type FormAction<T> = {
  result: ActionResult<T> | undefined;
  pending: boolean;
  /** Spread on the form. */
  form: { ref: RefObject<HTMLFormElement | null>; onSubmit: (event: FormEvent<HTMLFormElement>) => void };
};

/**
 * For forms inside dialogs, which need scripts anyway: sends without React emptying the form afterwards,
 * so that a refusal keeps every tick and line. Asks to sign in again where the action wants that.
 */
export function useFormAction<T>(action: Action<T>): FormAction<T> {
  const [result, submit, pending] = useAction(action);
  const ref = useErrorFocus(result);
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (pending) return;
    const sent = new FormData(event.currentTarget);
    startTransition(() => submit(sent));
  };
  return { result, pending, form: { ref, onSubmit } };
}
