"use client";

import { MenuButton } from "#components/ui/menu-entry.tsx";
import { useAction } from "#components/ui/use-action.ts";
import type { Action } from "#lib/core/action-result.ts";

/** The account menu's way out. */
export function SignOut<T>({ signOut }: { signOut: Action<T> }) {
  const [, submit] = useAction(signOut);
  return (
    <form action={submit}>
      <MenuButton type="submit">Sign out</MenuButton>
    </form>
  );
}
