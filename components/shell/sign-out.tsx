"use client";

import { useActionState } from "react";
import { MenuButton } from "#components/ui/menu-entry.tsx";
import type { Action } from "#lib/core/action-result.ts";

/** The account menu's way out. */
export function SignOut<T>({ signOut }: { signOut: Action<T> }) {
  const [, submit] = useActionState(signOut, undefined);
  return (
    <form action={submit}>
      <MenuButton type="submit">Sign out</MenuButton>
    </form>
  );
}
