"use client";

import { Card } from "#components/ui/card.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useAction } from "#components/ui/use-action.ts";
import type { Action } from "#lib/core/action-result.ts";
import { optionalKinds } from "#lib/core/mail/kinds.ts";

type Props = { muted: readonly string[]; save: Action<void> };

/** Which of the optional kinds come as e-mail too. All of them are in the console anyway. */
export function NoticePreferences({ muted, save }: Props) {
  const [result, submit, pending] = useAction(save);
  return (
    <form key={muted.join()} action={submit}>
      <Card
        title="Which of them come as e-mail"
        description="All of them are kept here. Notices about your contract, money and the safety of your account always come as e-mail."
        hint={<span role="status">{result?.ok && !pending ? "Saved." : null}</span>}
        footer={<SubmitButton>Save choice</SubmitButton>}
      >
        <FormMessage result={result} />
        {Object.entries(optionalKinds).map(([kind, words]) => (
          <Checkbox key={kind} name="kinds" value={kind} label={words} defaultChecked={!muted.includes(kind)} />
        ))}
      </Card>
    </form>
  );
}
