import Link from "next/link";
import type { ReactNode } from "react";
import { Mark } from "#components/shell/mark.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { env } from "#lib/core/env.ts";

/** Readable by everyone, before and after there is an account. */
export default function LegalLayout({ children }: { children: ReactNode }) {
  const { PROVIDER_NAME: name, SUPPORT_EMAIL: support } = env();
  return (
    <div className="min-h-dvh bg-canvas">
      <header className="border-b border-line">
        <div className="mx-auto flex max-w-page items-center justify-between gap-4 px-4 py-3 sm:px-6">
          <Link href="/" className="flex items-center gap-2.5 rounded-control font-semibold">
            <Mark />
            {name}
          </Link>
          <nav aria-label="Documents" className="flex gap-5 text-ui">
            <TextLink look="quiet" href="/legal">
              Documents
            </TextLink>
            <TextLink look="quiet" href="/docs">
              Docs
            </TextLink>
            <TextLink look="quiet" href="/">
              Console
            </TextLink>
          </nav>
        </div>
      </header>
      <main>{children}</main>
      <footer className="mx-auto max-w-page px-4 pb-8 text-meta text-text-faint sm:px-6">
        Questions: {support} · <TextLink href="/legal/subprocessors">Subprocessors</TextLink> ·{" "}
        <TextLink href="/legal/transparency">Transparency</TextLink>
      </footer>
    </div>
  );
}
