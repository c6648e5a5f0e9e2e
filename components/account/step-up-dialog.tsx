"use client";

import { type FormEvent, useEffect, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { DialogFooter } from "#components/ui/dialog-footer.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { errorOf } from "#components/ui/form-result.ts";
import { host, type Question, useQuestion } from "#components/ui/step-up.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useErrorFocus } from "#components/ui/use-error-focus.ts";
import type { Action, ActionResult } from "#lib/core/action-result.ts";
import { CodeField } from "./code-field.tsx";
import { type AskPasskey, sendPasskey } from "./passkey.ts";
import { PasswordField } from "./password-field.tsx";

export type Way = "passkey" | "code" | "password" | "provider";

type Props = {
  /** How this person can show that it is they, the best first. */
  ways: readonly Way[];
  /** What the identity provider is called. */
  provider: string;
  byPassword: Action<void>;
  byCode: Action<void>;
  askPasskey: AskPasskey;
  byPasskey: Action<void>;
};

/** One for all forms: asks who it is, and lets the form that waits go on. */
export function StepUpDialog(props: Props) {
  const question = useQuestion();
  useEffect(host, []);
  return question ? <Asking key={question.message} {...props} question={question} /> : null;
}

const words: Record<Way, { button: string; other: string }> = {
  passkey: { button: "Continue with a passkey", other: "Use a passkey" },
  code: { button: "Confirm", other: "Use a code" },
  password: { button: "Confirm", other: "Use the password" },
  provider: { button: "I have signed in again", other: "Use single sign-on" },
};

function Asking({ ways, question, ...rest }: Props & { question: Question }) {
  const [way, setWay] = useState<Way>(ways[0] ?? "provider");
  const { result, pending, form } = useProof(way, rest, question);
  return (
    <Dialog open onClose={() => question.answer(false)} title="Is it you?" description={question.message}>
      <form {...form} noValidate className="flex flex-col gap-3">
        <FormMessage result={result} />
        {way === "password" ? (
          <PasswordField
            label="Password"
            name="password"
            autoComplete="current-password"
            error={errorOf(result, "password")}
          />
        ) : null}
        {way === "code" ? <CodeField kind="app" error={errorOf(result, "code")} /> : null}
        {way === "provider" ? <ProviderHint provider={rest.provider} /> : null}
        <DialogFooter
          hint={ways
            .filter((other) => other !== way)
            .map((other) => (
              <Button key={other} emphasis="quiet" size="small" onClick={() => setWay(other)}>
                {words[other].other}
              </Button>
            ))}
        >
          <Button onClick={() => question.answer(false)}>Cancel</Button>
          <SubmitButton pending={pending}>{words[way].button}</SubmitButton>
        </DialogFooter>
      </form>
    </Dialog>
  );
}

const ProviderHint = ({ provider }: { provider: string }) => (
  <p className="text-ui text-text-soft">
    <a
      href="/account/again"
      target="_blank"
      rel="noreferrer"
      className="rounded-control text-accent underline decoration-accent/35 underline-offset-3 hover:decoration-accent"
    >
      Sign in again with {provider}
      <span className="sr-only"> (opens in a new tab)</span>
    </a>{" "}
    in another tab, then come back here.
  </p>
);

/**
 * Sends the proof outside of any transition: the form that waits is in one, and React shows nothing of a second until the
 * first is over.
 */
function useProof(
  way: Way,
  actions: Pick<Props, "byPassword" | "byCode" | "askPasskey" | "byPasskey">,
  question: Question,
) {
  const [result, setResult] = useState<ActionResult<void>>();
  const [pending, setPending] = useState(false);
  const ref = useErrorFocus(result);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (pending) return;
    if (way === "provider") return question.answer(true);
    setPending(true);
    const form = new FormData(event.currentTarget);
    // What is sent while the event lasts would keep the button waiting for the other form's transition as well.
    await Promise.resolve();
    const next = await prove(way, actions, form);
    setPending(false);
    if (next.ok) question.answer(true);
    else setResult(next);
  };
  return { result, pending, form: { ref, onSubmit } };
}

function prove(
  way: Exclude<Way, "provider">,
  { byPassword, byCode, askPasskey, byPasskey }: Pick<Props, "byPassword" | "byCode" | "askPasskey" | "byPasskey">,
  form: FormData,
): Promise<ActionResult<void>> {
  if (way === "passkey") return sendPasskey(askPasskey, byPasskey, form);
  return (way === "code" ? byCode : byPassword)(undefined, form);
}
