import { AppError } from "#lib/core/errors.ts";
import { invalidBody } from "#lib/gateway/http/wire-error.ts";

/** What is wrong with a field and only the catalogue or the files can tell is a 422 all the same. */
export async function asFields<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const fields = error instanceof AppError && error.problem === "invalid" ? Object.entries(error.fields) : [];
    if (fields.length === 0) throw error;
    throw invalidBody(
      fields.flatMap(([field, messages]) =>
        messages.map((msg) => ({ type: "value_error", loc: ["body", ...field.split(".")], msg })),
      ),
    );
  }
}
