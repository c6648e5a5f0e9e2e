import Link from "next/link";
import type { ReactNode } from "react";
import { DocLink } from "#components/documentation/documentation-text.tsx";
import { Mark } from "#components/shell/mark.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { env } from "#lib/core/env.ts";

const quiet = "rounded-control text-text-soft hover:text-text hover:underline underline-offset-3";

/** Readable by everyone. */
export default function DocumentationLayout({ children }: { children: ReactNode }) {
  const { PROVIDER_NAME: name, SUPPORT_EMAIL: support } = env();
  return (
    <div className="min-h-dvh bg-canvas">
      <header className="border-b border-line">
        <div className="mx-auto flex max-w-table items-center justify-between gap-4 px-4 py-3 sm:px-6">
          <Link href="/docs" className="flex items-center gap-2.5 rounded-control font-semibold">
            <Mark />
            {name} <span className="font-normal text-text-soft">Docs</span>
          </Link>
          <nav aria-label="Site" className="flex gap-5 text-ui">
            <TextLink look="quiet" href="/legal">
              Legal
            </TextLink>
            <TextLink look="quiet" href="/">
              Console
            </TextLink>
          </nav>
        </div>
      </header>
      <main>{children}</main>
      <footer className="mx-auto flex max-w-table flex-wrap gap-x-5 gap-y-1 px-4 pb-8 text-meta text-text-faint sm:px-6">
        <span>Questions: {support}</span>
        <DocLink look={quiet} href="/status">
          Status
        </DocLink>
        <DocLink look={quiet} href="/v1/openapi.json">
          OpenAPI document
        </DocLink>
        <DocLink look={quiet} href="/llms.txt">
          llms.txt
        </DocLink>
      </footer>
    </div>
  );
}
