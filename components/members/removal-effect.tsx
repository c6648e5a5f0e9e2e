import type { RemovalEffect as Effect } from "#lib/domain/members/view.ts";

type Props = Pick<Effect, "keys" | "agents"> & {
  /** Null: the person who reads it. */
  who: string | null;
};

/** What ends with a membership, in numbers. */
export function RemovalEffect({ who, keys, agents }: Props) {
  const [they, whose] = who === null ? ["You", "your"] : [who, "their"];
  const own = keys === 1 ? "1 API key" : `${keys} API keys`;
  return (
    <ul className="list-disc space-y-1.5 pl-5 text-ui">
      <li>
        {keys === 0
          ? `No API key ends: ${they} own${who === null ? "" : "s"} none.`
          : `${own} will be refused at once, on every server.`}
      </li>
      <li>
        {they} {who === null ? "lose" : "loses"} {whose} roles in the organization, its workspaces and its groups.
      </li>
      {agents > 0 ? (
        <li>
          {agents === 1 ? "1 agent passes" : `${agents} agents pass`} to an admin of the workspace, who is told by
          letter.
        </li>
      ) : null}
      <li>Usage, letters and the audit log stay. The account stays, and can be invited again.</li>
    </ul>
  );
}
