import { Smartphone } from "lucide-react";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextField } from "#components/ui/text-field.tsx";
import { Time } from "#components/ui/time.tsx";
import type { Action } from "#lib/core/action-result.ts";
import type { Factor } from "#lib/domain/account/factors/rules.ts";
import { AddApp, type EnrolmentView } from "./add-app.tsx";
import { AddPasskey } from "./add-passkey.tsx";
import type { StartPasskey } from "./passkey.ts";
import { RenewCodes } from "./renew-codes.tsx";

type Added = Action<{ codes: string[] | null }>;

export type FactorActions = {
  startApp: Action<EnrolmentView>;
  addApp: Added;
  startPasskey: StartPasskey;
  addPasskey: Added;
  rename: Action<void>;
  remove: Action<void>;
  renewCodes: Action<string[]>;
};

type Props = {
  factors: readonly Factor[];
  codesLeft: number;
  /** What a passkey made now would be called: this browser. */
  browser: string;
  now: Date;
  actions: FactorActions;
};

const columns = [
  { key: "name", label: "Name" },
  { key: "kind", label: "Kind" },
  { key: "used", label: "Last used" },
  { key: "change", label: "Change", quiet: true, align: "right" },
] as const;

/** What the account asks for beside the password. */
export function FactorCard({ factors, codesLeft, browser, now, actions }: Props) {
  const add = (
    <>
      <AddApp start={actions.startApp} add={actions.addApp} />
      <AddPasskey start={actions.startPasskey} add={actions.addPasskey} suggestedName={browser} />
    </>
  );
  return (
    <Card
      id="second-factor"
      title="Second factor"
      description="Beside your password, signing in asks for something you have. A passkey also signs you in by itself."
      hint={factors.length > 0 ? <CodesLeft left={codesLeft} /> : "With your first one you get recovery codes."}
      footer={
        <>
          {factors.length > 0 ? <RenewCodes renew={actions.renewCodes} /> : null}
          {add}
        </>
      }
      flush={factors.length > 0}
    >
      {factors.length === 0 ? (
        <EmptyState icon={Smartphone} title="No second factor yet">
          Whoever learns your password can sign in as you. An app on your telephone or a passkey stops that.
        </EmptyState>
      ) : (
        <div className="px-4 pb-4">
          <Table caption="Second factors" columns={columns}>
            {factors.map((factor) => (
              <FactorRow key={factor.id} factor={factor} now={now} {...actions} />
            ))}
          </Table>
        </div>
      )}
    </Card>
  );
}

function FactorRow({ factor, now, rename, remove }: { factor: Factor; now: Date } & FactorActions) {
  const { id, kind, name, usedAt, createdAt, isSynced } = factor;
  return (
    <Row>
      <HeadCell>{name}</HeadCell>
      <Cell label="Kind">{kind === "app" ? "Authenticator app" : isSynced ? "Passkey, synced" : "Passkey"}</Cell>
      <Cell label="Last used">
        {usedAt ? (
          <Time at={usedAt} now={now} />
        ) : (
          <span className="text-text-faint">
            never, added <Time at={createdAt} now={now} />
          </span>
        )}
      </Cell>
      <Cell align="right">
        <span className="inline-flex gap-2 whitespace-normal text-left">
          <ConfirmDialog
            trigger="Rename"
            triggerLook={{ size: "small" }}
            title={`Rename ${name}`}
            confirm="Save name"
            tone="normal"
            action={rename}
          >
            <input type="hidden" name="id" value={id} />
            <TextField label="Name" name="name" maxLength={60} required defaultValue={name} />
          </ConfirmDialog>
          <ConfirmDialog
            trigger="Remove"
            triggerLook={{ size: "small", tone: "bad" }}
            title={`Remove ${name}`}
            confirm={kind === "app" ? "Remove app" : "Remove passkey"}
            action={remove}
          >
            <input type="hidden" name="id" value={id} />
            <p className="text-ui text-text-soft">
              It no longer signs you in. If it is your last one, your recovery codes go as well, and the password alone
              opens your account.
            </p>
          </ConfirmDialog>
        </span>
      </Cell>
    </Row>
  );
}

const few = 3;

function CodesLeft({ left }: { left: number }) {
  return (
    <span className="inline-flex items-center gap-2">
      Recovery codes: {left} left
      {left <= few ? <Badge tone={left === 0 ? "bad" : "warn"}>{left === 0 ? "None" : "Few"}</Badge> : null}
    </span>
  );
}
