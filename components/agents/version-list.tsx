import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { AgentVersion } from "#lib/domain/agents/versions/view.ts";

const columns = [
  { key: "version", label: "Version" },
  { key: "message", label: "Message" },
  { key: "by", label: "Published by" },
  { key: "at", label: "When" },
  { key: "rights", label: "Rights attested" },
  { key: "actions", label: "Actions", quiet: true },
] as const;

type Props = {
  versions: readonly AgentVersion[];
  /** The one that answers. */
  current: number | null;
  aliases: readonly { alias: string; version: number }[];
  base: string;
  now: Date;
  actions: (version: AgentVersion) => ReactNode;
};

/** What was published, the newest first. */
export function VersionList({ versions, current, aliases, base, now, actions }: Props) {
  return (
    <Table caption="Versions" columns={columns}>
      {versions.map((version) => (
        <Row key={version.version}>
          <HeadCell>
            <span className="inline-flex flex-wrap items-center gap-2">
              Version {version.version}
              {version.version === current ? <Badge tone="good">Current</Badge> : null}
              {aliases
                .filter((alias) => alias.version === version.version)
                .map(({ alias }) => (
                  <Badge key={alias} plain>
                    {alias}
                  </Badge>
                ))}
            </span>
          </HeadCell>
          <Cell label="Message" wrap>
            {version.message ?? <span className="text-text-faint">None</span>}
          </Cell>
          <Cell label="Published by">{version.createdByName}</Cell>
          <Cell label="When">
            <Time at={version.createdAt} form="instant" now={now} />
          </Cell>
          <Cell label="Rights attested">{version.attestedAt ? "Yes" : "By the terms"}</Cell>
          <Cell align="right">
            <span className="inline-flex items-center gap-3">
              {version.version === current || current === null ? null : (
                <TextLink look="quiet" href={`${base}?from=${version.version}&to=${current}`}>
                  Compare with current
                </TextLink>
              )}
              {actions(version)}
            </span>
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
