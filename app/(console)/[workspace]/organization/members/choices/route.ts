import { answerFile } from "#app/(console)/stream-file.ts";
import { workspaceContext } from "#app/doors/session.ts";
import { searchField } from "#lib/core/list/input.ts";
import { peopleChoices } from "#lib/domain/members/queries.ts";
import { personChoice } from "#lib/domain/members/view.ts";

type Props = { params: Promise<{ workspace: string }> };

/** The people a search finds, for the comboboxes that choose one. */
export function GET(request: Request, { params }: Props): Promise<Response> {
  return answerFile(async () => {
    const ctx = await workspaceContext((await params).workspace);
    const q = searchField.parse(new URL(request.url).searchParams.get("q") ?? undefined);
    const people = await peopleChoices(ctx, { q });
    return Response.json(people.map(personChoice), { headers: { "cache-control": "no-store" } });
  });
}
