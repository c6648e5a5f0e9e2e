import { useSyncExternalStore } from "react";
import type { Action } from "#lib/core/action-result.ts";

/** A form that waits until its sender has shown that it is they. */
export type Question = { message: string; answer: (isProven: boolean) => void };

let question: Question | null = null;
let isHosted = false;
const listeners = new Set<() => void>();

function put(next: Question | null): void {
  question = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The question to show now. A store and not state: the form that asks is in a transition, and this must not wait for it. */
export const useQuestion = (): Question | null =>
  useSyncExternalStore(
    subscribe,
    () => question,
    () => null,
  );

/** The dialog says that it is there; without it a refusal is shown in its form, like any other. */
export function host(): () => void {
  isHosted = true;
  return () => {
    isHosted = false;
    question?.answer(false);
  };
}

function ask(message: string): Promise<boolean> {
  if (!isHosted || question) return Promise.resolve(false);
  return new Promise((resolve) => {
    put({
      message,
      answer: (isProven) => {
        put(null);
        resolve(isProven);
      },
    });
  });
}

/**
 * The same action, which asks its sender to sign in again where the server wants that, and then sends the very same form
 * once more. Until then the form is still under way, so nothing that was typed is lost.
 */
export const withStepUp =
  <T>(action: Action<T>): Action<T> =>
  async (previous, form) => {
    const result = await action(previous, form);
    if (result.ok || result.problem !== "step_up_required") return result;
    return (await ask(result.message)) ? action(previous, form) : result;
  };
