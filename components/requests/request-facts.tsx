import { Code } from "#components/ui/code-block.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { endpointWords, type RequestDetail } from "#lib/domain/request-log/view.ts";

type Props = {
  request: RequestDetail;
  keyHref: string | undefined;
  /** The agent that answered, for who may see it. */
  agent: { href: string; handle: string; version: number | null } | undefined;
};

/** Who asked for what, when and from where. */
export function RequestFacts({ request, keyHref, agent }: Props) {
  return (
    <DefinitionList
      rows={[
        { term: "Request id", value: <Copyable text={request.id} noun="request id" /> },
        { term: "Time", value: <Time at={request.at} form="instant" /> },
        { term: "Endpoint", value: endpointWords[request.endpoint] ?? <Code>{request.endpoint}</Code> },
        { term: "Model", value: modelOf(request) },
        ...(agent ? [{ term: "Agent", value: agentOf(agent) }] : []),
        { term: "Streamed", value: request.streamed ? "Yes" : "No" },
        { term: "Key", value: keyOf(request, keyHref) },
        { term: "Key's owner", value: request.ownerName ?? "No longer a member" },
        ...(request.endUser ? [{ term: "End user", value: <Code>{request.endUser}</Code> }] : []),
        { term: "From", value: <Code>{request.address}</Code> },
        { term: "Client", value: request.agent || "Not said" },
        ...(request.reason ? [{ term: "Why", value: request.reason }] : []),
      ]}
    />
  );
}

function agentOf({ href, handle, version }: NonNullable<Props["agent"]>) {
  return (
    <>
      <TextLink href={href}>@{handle}</TextLink>, version {version}
    </>
  );
}

function modelOf({ model, requestedModel }: RequestDetail) {
  if (requestedModel === "") return "Not said";
  if (model === requestedModel) return <Code>{model}</Code>;
  return (
    <>
      <Code>{model}</Code> asked for as <Code>{requestedModel}</Code>
    </>
  );
}

/** The playground's keys are made and dropped by the console: they have a name but no page. */
function keyOf({ keyName }: RequestDetail, href: string | undefined) {
  if (!keyName) return "Deleted key";
  return href ? <TextLink href={href}>{keyName}</TextLink> : keyName;
}
