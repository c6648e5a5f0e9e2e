import { useActionState, useSyncExternalStore } from "react";
import { type Action, type ActionResult, typedValues } from "#lib/core/action-result.ts";
import { withStepUp } from "./step-up.ts";
import { isUnreachable, unsavedWords } from "./unreachable.ts";

/**
 * A form's action that survives a lost connection: the page and what was typed stay, and the form says that nothing was
 * saved. Nothing is sent again by itself. It asks to sign in again where the server wants that.
 */
export const reachable =
  <T>(action: Action<T>): Action<T> =>
  async (previous, form) => {
    try {
      return await withStepUp(action)(previous, form);
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      return { ok: false, problem: "offline", message: unsavedWords(), fields: {}, values: typedValues(form) };
    }
  };

const never = () => () => {};

/** `useActionState` for a form; before the page has come alive the form sends itself, as without scripts. */
export function useAction<T>(action: Action<T>) {
  const isAlive = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  const act: Action<T> = isAlive ? reachable(action) : action;
  return useActionState<ActionResult<T> | undefined, FormData>(act, undefined);
}
