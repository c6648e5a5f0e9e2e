import type { ReactNode } from "react";
import { signOut } from "#app/(console)/actions.ts";
import { ConsoleFrame } from "#app/(console)/console-frame.tsx";
import { frameContext, signedInContext } from "#app/doors/session.ts";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { TextLink } from "#components/ui/text-link.tsx";

/** The account belongs to a person and not to a workspace; the frame is that of the first one they may enter, if there is one. */
export default async function AccountLayout({ children }: { children: ReactNode }) {
  const ctx = await signedInContext("/account");
  const frame = await frameContext(ctx);
  if (frame) return <ConsoleFrame ctx={frame}>{children}</ConsoleFrame>;
  return (
    <main className="min-h-dvh bg-canvas">
      <nav aria-label="Console" className="flex items-center justify-between gap-4 border-b border-line px-6 py-3">
        <TextLink look="quiet" href="/">
          Back to the console
        </TextLink>
        <ButtonForm button="Sign out" act={signOut} />
      </nav>
      {children}
    </main>
  );
}
