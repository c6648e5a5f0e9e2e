import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { AuthPanel } from "#components/account/auth-panel.tsx";
import { SandboxForm } from "#components/billing/sandbox-form.tsx";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { Code } from "#components/ui/code-block.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { db } from "#db/client.ts";
import { formatCents } from "#lib/core/money.ts";
import { methodWords } from "#lib/domain/payments/methods/rules.ts";
import { sandboxCards, sandboxIbans } from "#lib/engine/payments/sandbox/cards.ts";
import { type SandboxPageView, sandboxPage } from "#lib/engine/payments/sandbox/pages.ts";
import { decide, enter } from "./actions.ts";

export const metadata: Metadata = { title: "Test payment", robots: { index: false } };

/** Stands in for a payment provider's own page, so that the whole way there and back can be tried without money. */
export default async function SandboxPayPage({ params }: { params: Promise<{ ref: string }> }) {
  const { ref } = await params;
  const page = await sandboxPage(db(), decodeURIComponent(ref));
  if (!page) notFound();
  return (
    <Frame>
      <AuthPanel
        title={titleOf(page)}
        description={descriptionOf(page)}
        footer={page.state === "open" ? <TextLink href={page.returnUrl}>Go back without it</TextLink> : undefined}
      >
        <Body page={page} />
      </AuthPanel>
    </Frame>
  );
}

const Frame = ({ children }: { children: ReactNode }) => (
  <main className="mx-auto flex min-h-dvh w-full max-w-auth flex-col justify-center gap-4 px-4 py-8">
    <Notice tone="warn" title="Test mode: no money moves">
      This page stands in for a payment provider. Only test numbers work; never enter a real one.
    </Notice>
    {children}
  </main>
);

function titleOf({ mode, amount }: SandboxPageView): string {
  return mode === "setup" || amount === null ? "Add a payment method" : `Pay ${formatCents(amount)}`;
}

function descriptionOf({ state, invoiceNumber, mode }: SandboxPageView): string | undefined {
  if (state !== "open") return undefined;
  if (mode === "payment") return `For ${invoiceNumber ?? "an invoice"}.`;
  return "It is kept for the advances and invoices to come. Nothing is charged now.";
}

function Body({ page }: { page: SandboxPageView }) {
  const { ref, state, needs, mode, method, returnUrl } = page;
  if (state !== "open") {
    return (
      <div className="flex flex-col gap-4">
        <p className="text-ui">
          {state === "complete" ? "This page is done." : "This page has expired, or the payment was refused."}
        </p>
        <LinkButton emphasis="primary" size="large" stretch href={returnUrl}>
          Go back
        </LinkButton>
      </div>
    );
  }
  if (needs === "confirmation") {
    return (
      <div className="flex flex-col gap-3">
        <p className="text-ui">
          The bank of {method ? methodWords(method) : "this card"} wants you to confirm the payment, as a real one
          would.
        </p>
        <ButtonForm size="large" button="Confirm payment" values={{ ref, outcome: "confirmed" }} act={decide} />
        <ButtonForm button="Refuse payment" values={{ ref, outcome: "refused" }} act={decide} />
      </div>
    );
  }
  return (
    <>
      <SandboxForm reference={ref} button={mode === "setup" ? "Add payment method" : "Pay"} enter={enter} />
      <Numbers />
    </>
  );
}

const Numbers = () => (
  <section aria-labelledby="numbers" className="text-ui">
    <h2 id="numbers" className="mb-2 font-medium">
      Test numbers
    </h2>
    <ul className="flex flex-col gap-1.5">
      {[...sandboxCards, ...sandboxIbans].map(({ number, label }) => (
        <li key={number} className="flex flex-wrap gap-x-2">
          <Code>{number}</Code> <span className="text-text-soft">{label}</span>
        </li>
      ))}
    </ul>
  </section>
);
