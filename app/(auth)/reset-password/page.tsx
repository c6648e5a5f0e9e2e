import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { AuthPanel } from "#components/account/auth-panel.tsx";
import { ResetForm } from "#components/account/reset-form.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { reset } from "./actions.ts";

export const metadata: Metadata = { title: "Choose a new password" };

export default async function ResetPasswordPage({ searchParams }: { searchParams: SearchParams }) {
  const { token, first } = await firstOf(searchParams);
  if (!token) redirect("/forgot-password");
  return (
    <AuthPanel
      title="Choose a new password"
      description={
        first
          ? "Your address is confirmed. No password chosen before works any more. Choose yours."
          : "Setting it signs out every browser that is signed in now."
      }
      footer={
        <>
          Expired? <TextLink href="/forgot-password">Send another link</TextLink>
        </>
      }
    >
      <ResetForm token={token} reset={reset} />
    </AuthPanel>
  );
}
