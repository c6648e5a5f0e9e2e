"use client";

import { FormSelect, FormText, FormTextarea, ResultContext } from "#components/ui/form-fields.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { typedOf } from "#components/ui/form-result.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useAction } from "#components/ui/use-action.ts";
import { useErrorFocus } from "#components/ui/use-error-focus.ts";
import type { Action } from "#lib/core/action-result.ts";
import { longestPlace, longestReport, reportKindTitles } from "#lib/domain/abuse-reports/rules.ts";

/** What anyone can tell us of abuse. */
export function ReportForm({ report }: { report: Action<void> }) {
  const [result, submit] = useAction(report);
  const form = useErrorFocus(result);
  if (result?.ok) return <p role="status">Thank you. Our staff look into it.</p>;
  return (
    <form ref={form} action={submit} noValidate className="flex flex-col gap-3">
      <FormMessage result={result} />
      <ResultContext value={result}>
        <FormSelect
          label="Kind"
          name="kind"
          options={Object.entries(reportKindTitles).map(([value, label]) => ({ value, label }))}
          defaultValue={typedOf(result, "kind", "other")}
        />
        <FormText
          label="Where"
          name="place"
          maxLength={longestPlace}
          autoComplete="off"
          defaultValue={typedOf(result, "place")}
          help="An address, an agent, an organization."
        />
        <FormTextarea
          label="What happened"
          name="words"
          rows={6}
          maxLength={longestReport}
          defaultValue={typedOf(result, "words")}
          help="In plain text. Send no material that is itself against the law."
        />
        <FormText
          label="Your e-mail"
          name="contact"
          type="email"
          hint="optional"
          autoComplete="email"
          defaultValue={typedOf(result, "contact")}
          help="Only if we may ask you about it."
        />
      </ResultContext>
      <SubmitButton size="large" stretch>
        Send report
      </SubmitButton>
    </form>
  );
}
