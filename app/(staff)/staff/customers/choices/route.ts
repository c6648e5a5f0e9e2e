import { answerFile } from "#app/(console)/stream-file.ts";
import { staffContext } from "#app/doors/session.ts";
import { searchField } from "#lib/core/list/input.ts";
import { customerChoices } from "#lib/domain/staff/access/queries.ts";

/** The customers a search finds, for the combobox that chooses one to look at. */
export function GET(request: Request): Promise<Response> {
  return answerFile(async () => {
    const q = searchField.parse(new URL(request.url).searchParams.get("q") ?? undefined);
    const customers = await customerChoices(await staffContext(), { q });
    const choices = customers.map(({ id, name }) => ({ value: id, label: name }));
    return Response.json(choices, { headers: { "cache-control": "no-store" } });
  });
}
