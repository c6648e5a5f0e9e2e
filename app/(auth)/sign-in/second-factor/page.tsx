import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { accountContext } from "#app/doors/session.ts";
import { pendingSecret } from "#app/doors/visitor.ts";
import { AuthPanel } from "#components/account/auth-panel.tsx";
import { CodeForm } from "#components/account/code-form.tsx";
import { PasskeyButton } from "#components/account/passkey-button.tsx";
import { Segments } from "#components/ui/segments.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { Means } from "#lib/domain/account/factors/rules.ts";
import { pendingMeans } from "#lib/domain/account/pending/queries.ts";
import { askPasskey, withCode, withPasskey, withRecovery } from "./actions.ts";

export const metadata: Metadata = { title: "Second factor" };

const ways = { passkey: "Passkey", app: "App", recovery: "Recovery code" } as const;
type Way = keyof typeof ways;

const open = ({ passkey, app, codesLeft }: Means): Way[] => [
  ...(passkey ? (["passkey"] as const) : []),
  ...(app ? (["app"] as const) : []),
  ...(codesLeft > 0 ? (["recovery"] as const) : []),
];

/** Before the console: the person who is here came through one of the doors and owes the second factor. */
export default async function SecondFactorPage({ searchParams }: { searchParams: SearchParams }) {
  const means = await pendingMeans(await accountContext(), await pendingSecret());
  if (!means) redirect("/sign-in?error=second_factor_over");
  const { with: asked } = await firstOf(searchParams);
  const offered = open(means);
  const way = offered.find((way) => way === asked) ?? offered[0] ?? "recovery";
  return (
    <AuthPanel
      title="Second factor"
      description={sentences[way]}
      footer={
        <>
          Not you? <TextLink href="/sign-in">Sign in as somebody else</TextLink>
        </>
      }
    >
      {offered.length > 1 ? (
        <div>
          <Segments
            label="Second factor"
            segments={offered.map((one) => ({ href: `?with=${one}`, label: ways[one], current: one === way }))}
          />
        </div>
      ) : null}
      {way === "passkey" ? (
        <PasskeyButton label="Continue with a passkey" emphasis="primary" ask={askPasskey} send={withPasskey} />
      ) : (
        <CodeForm key={way} kind={way} send={way === "app" ? withCode : withRecovery} />
      )}
    </AuthPanel>
  );
}

const sentences: Record<Way, string> = {
  passkey: "One step is left: show that it is you, in the dialog of your browser.",
  app: "One step is left: enter the six digits your app shows.",
  recovery: "One step is left: enter one of the codes you stored. It is used up with this.",
};
