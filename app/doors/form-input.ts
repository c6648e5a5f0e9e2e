import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import { unstorable, unstorableWords } from "#lib/core/stored-text.ts";

/** What a form sent, as its command takes it: without any text that the database cannot keep. */
export function inputOf(schema: z.ZodType, form: FormData): unknown {
  const result = schema.safeParse(fieldsOf(form));
  if (result.success) return storable(result.data);
  const fields = z.flattenError(result.error).fieldErrors as Record<string, string[]>;
  throw new AppError("invalid", ofWholeForm(result.error) ?? "Check the marked fields.", { fields });
}

/** What is wrong with a field that no form shows. */
const ofWholeForm = ({ issues }: z.ZodError): string | undefined =>
  issues.find((issue) => issue.code === "custom" && issue.params?.ofWholeForm)?.message;

function storable(input: unknown): unknown {
  const place = unstorable(input);
  if (!place) return input;
  throw new AppError("invalid", unstorableWords, { fields: { [String(place[0])]: [unstorableWords] } });
}

/** Repeated fields become arrays; React's own bookkeeping fields are left out. */
function fieldsOf(form: FormData): Record<string, FormDataEntryValue | FormDataEntryValue[]> {
  const names = [...new Set(form.keys())].filter((name) => !name.startsWith("$ACTION"));
  return Object.fromEntries(
    names.map((name) => {
      const all = form.getAll(name);
      return [name, all.length > 1 ? all : (all[0] ?? "")];
    }),
  );
}
