import type { Metadata } from "next";
import { confirm, resend } from "#app/(auth)/confirm/actions.ts";
import { visitor } from "#app/(auth)/visitor.ts";
import { SignUpForm } from "#components/account/sign-up-form.tsx";
import { documentForNewcomers } from "#lib/domain/terms/queries.ts";
import { signUp } from "./actions.ts";

export const metadata: Metadata = { title: "Create an account" };

export default async function SignUpPage() {
  const terms = await documentForNewcomers(await visitor(), "terms");
  return <SignUpForm terms={terms} signUp={signUp} confirm={confirm} resend={resend} />;
}
