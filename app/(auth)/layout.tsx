import Link from "next/link";
import type { ReactNode } from "react";
import { DemoBanner } from "#components/shell/demo-banner.tsx";
import { Mark } from "#components/shell/mark.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { env } from "#lib/core/env.ts";

/** The frame before the console: one panel, and the documents it stands on. */
export default function AuthLayout({ children }: { children: ReactNode }) {
  const { PROVIDER_NAME: name, DEMO: demo } = env();
  return (
    <div className="flex min-h-dvh flex-col">
      {demo === "on" ? <DemoBanner /> : null}
      <main className="mx-auto flex w-full max-w-auth grow flex-col justify-center px-4 py-8">
        <Link
          href="/"
          className="mb-5 flex items-center gap-2.5 self-center rounded-control text-section font-semibold"
        >
          <Mark size={28} />
          {name}
        </Link>
        {children}
      </main>
      <footer className="flex justify-center gap-5 px-4 pb-6 text-meta">
        <TextLink look="quiet" href="/legal/terms">
          Terms
        </TextLink>
        <TextLink look="quiet" href="/legal/privacy">
          Privacy
        </TextLink>
        <TextLink look="quiet" href="/legal">
          All documents
        </TextLink>
        <TextLink look="quiet" href="/docs">
          Docs
        </TextLink>
        <TextLink look="quiet" href="/report">
          Report abuse
        </TextLink>
      </footer>
    </div>
  );
}
