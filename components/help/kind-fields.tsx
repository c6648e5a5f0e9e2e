import { FormSelect, FormText, FormTextarea } from "#components/ui/form-fields.tsx";
import { kindOf } from "#lib/domain/help/kinds/rules.ts";
import { longestSubject } from "#lib/domain/help/rules.ts";

/** The subject, and what a kind asks for beside the message. */
export const KindFields = ({ kind }: { kind: string }) => (
  <>
    <FormText label="Subject" name="subject" maxLength={longestSubject} autoComplete="off" />
    {Object.entries(kindOf(kind).fields).map(([name, { label, help, form, choices, isOptional }]) => {
      const field = { label, name, ...(help && { help }), ...(isOptional && { hint: "optional" }) };
      if (choices) {
        const options = Object.entries(choices).map(([value, words]) => ({ value, label: words }));
        return <FormSelect key={name} {...field} options={options} />;
      }
      if (form === "lines") return <FormTextarea key={name} {...field} rows={3} maxLength={2000} />;
      return <FormText key={name} {...field} maxLength={form === "moment" ? 16 : 200} autoComplete="off" />;
    })}
  </>
);
