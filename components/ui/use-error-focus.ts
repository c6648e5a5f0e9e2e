import { type RefObject, useEffect, useRef } from "react";
import type { ActionResult } from "#lib/core/action-result.ts";

/** Give its ref to the form: after a refusal the first wrong field, or the message, gets the focus. */
export function useErrorFocus(result: ActionResult<unknown> | undefined): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (!result || result.ok) return;
    const wrong = form.current?.querySelector<HTMLElement>("[aria-invalid=true]");
    (wrong ?? form.current?.querySelector<HTMLElement>("[role=alert]"))?.focus();
  }, [result]);
  return form;
}
