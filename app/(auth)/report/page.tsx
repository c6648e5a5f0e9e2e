import type { Metadata } from "next";
import { ReportForm } from "#components/abuse-reports/report-form.tsx";
import { AuthPanel } from "#components/account/auth-panel.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { report } from "./actions.ts";

export const metadata: Metadata = { title: "Report abuse" };

/** For anyone, with or without an account. */
export default function ReportPage() {
  return (
    <AuthPanel
      title="Report abuse"
      description="Someone uses this platform against the terms or the law? Tell us what, and where."
      footer={
        <>
          Is it about your own organization? <TextLink href="/sign-in">Sign in and open a ticket</TextLink>
        </>
      }
    >
      <ReportForm report={report} />
    </AuthPanel>
  );
}
