import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { Code } from "#components/ui/code-block.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import type { Action } from "#lib/core/action-result.ts";
import type { SessionView } from "#lib/domain/account/sessions/view.ts";
import { RevokeForm } from "./revoke-form.tsx";

/** With the browser by its name. */
export type SessionRow = Omit<SessionView, "agent"> & { browser: string };

type Props = { sessions: readonly SessionRow[]; now: Date; revoke: Action<void>; revokeOthers: Action<void> };

const columns = [
  { key: "browser", label: "Browser" },
  { key: "address", label: "Address" },
  { key: "seen", label: "Last used" },
  { key: "created", label: "Signed in" },
  { key: "revoke", label: "Sign out", quiet: true, align: "right" },
] as const;

/** Where this person is signed in. */
export function SessionList({ sessions, now, revoke, revokeOthers }: Props) {
  return (
    <Card
      title="Where you are signed in"
      description="A browser you sign out here is out on its next click. Each is signed out by itself after 14 days."
      aside={sessions.length > 1 ? <RevokeForm label="Sign out everywhere else" revoke={revokeOthers} /> : null}
      flush
    >
      <div className="px-4 pb-4">
        <Table caption="Where you are signed in" columns={columns}>
          {sessions.map((session) => (
            <Row key={session.id}>
              <HeadCell>
                <span className="flex flex-wrap items-center gap-2">
                  {session.browser}
                  {session.isThis ? <Badge tone="good">This browser</Badge> : null}
                </span>
              </HeadCell>
              <Cell label="Address">
                <Code>{session.address}</Code>
              </Cell>
              <Cell label="Last used">
                <Time at={session.seenAt} now={now} />
              </Cell>
              <Cell label="Signed in">
                <Time at={session.createdAt} now={now} />
              </Cell>
              <Cell align="right">
                {session.isThis ? null : (
                  <RevokeForm
                    label="Sign out"
                    about={`${session.browser}, ${session.address}`}
                    session={session.id}
                    revoke={revoke}
                  />
                )}
              </Cell>
            </Row>
          ))}
        </Table>
      </div>
    </Card>
  );
}
