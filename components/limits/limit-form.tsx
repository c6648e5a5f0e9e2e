"use client";

import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { FormHidden } from "#components/ui/form-fields.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useAction } from "#components/ui/use-action.ts";
import { useErrorFocus } from "#components/ui/use-error-focus.ts";
import type { Action } from "#lib/core/action-result.ts";
import { LimitFields, PreviewNotice } from "./limit-fields.tsx";
import type { Facts } from "./limit-preview.ts";
import { useLimitForm } from "./use-limit-form.ts";

type Props = Facts & {
  title: string;
  description: string;
  alertPercents: readonly number[];
  save: Action<void>;
  /** Which limit it is, where the page is not enough to know. */
  hidden?: Record<string, string>;
  /** The meter, and what else is known. */
  children: ReactNode;
};

/** A limit and how it stands, changed in place. Says what saving does before it is done. */
export function LimitForm({ title, description, alertPercents, save, hidden = {}, children, ...facts }: Props) {
  const [result, submit] = useAction(save);
  const form = useErrorFocus(result);
  const state = useLimitForm(facts, alertPercents, result);
  return (
    <form ref={form} action={submit} aria-label={title}>
      <Card
        title={title}
        description={description}
        hint={<Saved isSaved={Boolean(result?.ok) && !state.isChanged} />}
        footer={
          <>
            {state.mayEmpty ? (
              <Button emphasis="quiet" onClick={state.empty}>
                Remove limit…
              </Button>
            ) : null}
            {state.isChanged ? <Button onClick={state.restore}>Cancel</Button> : null}
            <SubmitButton tone={state.submit.tone}>{state.submit.words}</SubmitButton>
          </>
        }
      >
        <FormHidden values={hidden} />
        <div className="flex flex-col gap-4">
          <FormMessage result={result} />
          <div className="grid gap-x-8 gap-y-5 sm:grid-cols-[minmax(0,1fr)_264px]">
            <div className="flex flex-col gap-3">
              {children}
              <PreviewNotice preview={state.preview} />
            </div>
            <LimitFields {...state.fields} result={result} />
          </div>
        </div>
      </Card>
    </form>
  );
}

function Saved({ isSaved }: { isSaved: boolean }) {
  return <span role="status">{isSaved ? "Saved. It counts from the next request on." : ""}</span>;
}
