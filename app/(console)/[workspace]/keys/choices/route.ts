import { answerFile } from "#app/(console)/stream-file.ts";
import { workspaceContext } from "#app/doors/session.ts";
import { searchField } from "#lib/core/list/input.ts";
import { keyChoices } from "#lib/domain/keys/queries.ts";
import { choiceOf } from "#lib/domain/keys/view.ts";

type Props = { params: Promise<{ workspace: string }> };

/** The keys a search finds, for the comboboxes that choose one. */
export function GET(request: Request, { params }: Props): Promise<Response> {
  return answerFile(async () => {
    const ctx = await workspaceContext((await params).workspace);
    const q = searchField.parse(new URL(request.url).searchParams.get("q") ?? undefined);
    const keys = await keyChoices(ctx, { q });
    return Response.json(keys.map(choiceOf), { headers: { "cache-control": "no-store" } });
  });
}
