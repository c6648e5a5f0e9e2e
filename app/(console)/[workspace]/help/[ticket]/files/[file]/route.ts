import { keptFile } from "#app/(console)/stored-file.ts";
import { answerFile } from "#app/(console)/stream-file.ts";
import { workspaceContext } from "#app/doors/session.ts";
import { asId } from "#app/doors/workspace-page.tsx";
import { ticketFile } from "#lib/domain/help/files/queries.ts";

type Props = { params: Promise<{ workspace: string; ticket: string; file: string }> };

/** A file of a ticket, for who sees the ticket. */
export const GET = (_request: Request, { params }: Props): Promise<Response> =>
  answerFile(async () => {
    const { workspace, ticket, file } = await params;
    const ctx = await workspaceContext(workspace);
    return keptFile(await ticketFile(ctx, asId("ticket", ticket), asId("ticketFile", file)));
  });
