import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormChoices, FormSelect, FormTextarea } from "#components/ui/form-fields.tsx";
import type { Action } from "#lib/core/action-result.ts";
import { dataTitles, reasonTitles } from "#lib/domain/zero-retention/rules.ts";

type Props = { workspaces: readonly { id: string; name: string }[]; request: Action<void> };

const choicesOf = (titles: Readonly<Record<string, string>>) =>
  Object.entries(titles).map(([value, label]) => ({ value, label }));

/** T-4.2.2.2-ZDR1: asks the provider to keep nothing, with the reason and what the customer takes on. */
export const RequestZeroRetention = ({ workspaces, request }: Props) => (
  <FormDialog
    creates
    size="wide"
    trigger="Request zero retention"
    title="Request zero retention"
    description="A person reads it and decides. What you write is sealed and seen by the people who decide about it alone."
    submit="Send request"
    action={request}
  >
    <FormSelect
      label="Covers"
      name="scope"
      options={[
        { value: "organization", label: "The whole organization" },
        ...workspaces.map(({ id, name }) => ({ value: id, label: `Workspace ${name}` })),
        { value: "on_request", label: "Requests that send x-zero-retention: require" },
      ]}
    />
    <FormSelect label="Reason" name="reason" options={choicesOf(reasonTitles)} />
    <FormTextarea
      label="Why nothing may be kept"
      name="words"
      rows={5}
      maxLength={4000}
      autoComplete="off"
      help="50 to 4,000 characters. Name the law or contract. Put no prompts in here."
    />
    <FormChoices legend="What the data is" name="dataClasses" choices={choicesOf(dataTitles)} />
    <FormChoices
      legend="Kept on your instruction all the same"
      name="keepClasses"
      help="What is not ticked is deleted with the approval, and refused from then on."
      choices={[
        { value: "agents", label: "Agents" },
        { value: "conversations", label: "Conversations and stored responses" },
        { value: "files", label: "Files" },
      ]}
    />
    <FormChoices
      legend="You confirm"
      name="mayAsk"
      choices={[{ value: "on", label: "I may ask for this on behalf of the organization." }]}
    />
    <FormChoices
      legend="Prevention of abuse"
      name="takesOver"
      choices={[{ value: "on", label: "Without stored content we prevent abuse ourselves." }]}
    />
    <FormChoices
      legend="What is stored now"
      name="hasExported"
      choices={[
        {
          value: "on",
          label: "I have read which parts of the API work, and exported what we still need: the rest is deleted.",
        },
      ]}
    />
  </FormDialog>
);
