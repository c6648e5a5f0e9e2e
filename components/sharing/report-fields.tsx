import { FormSelect, FormTextarea } from "#components/ui/form-fields.tsx";
import { reasonWords } from "#lib/domain/agents/reports/rules.ts";

const options = Object.entries(reasonWords).map(([value, label]) => ({ value, label }));

/** T-4.3-RESP2: what is wrong with an agent's name, for the provider's own people. */
export function ReportFields({ provider }: { provider: string }) {
  return (
    <>
      <p className="text-ui text-text-soft">
        People of {provider} read this with the agent’s name and handle, and nothing of what is in it. They may rename
        it, and answer you by letter.
      </p>
      <FormSelect label="What is wrong with its name?" name="reason" options={options} />
      <FormTextarea label="Details" name="details" rows={4} maxLength={2000} help="Such as whose name it is." />
    </>
  );
}
