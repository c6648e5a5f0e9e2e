import type { Metadata } from "next";
import { VerifyForm } from "#components/billing/verify-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { verify } from "./actions.ts";

export const metadata: Metadata = { title: "Check a document" };

/** For anyone who was given an invoice: whether it is the one that was issued. */
export default function VerifyPage() {
  return (
    <Page width="form">
      <PageHeader
        title="Check a document"
        description="Whether an invoice or credit note was issued here, and is unchanged."
      />
      <Card>
        <VerifyForm verify={verify} />
      </Card>
    </Page>
  );
}
