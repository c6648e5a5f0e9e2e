import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { formatCount } from "#components/usage/measures.ts";
import { formatPrice, type Price } from "#lib/core/money.ts";
import type { ContractModel } from "#lib/domain/contract/values/view.ts";
import type { Model } from "#lib/domain/models/view.ts";

const abilities: Record<keyof Model["capabilities"], string> = {
  completion_chat: "Chat",
  completion_fim: "Code completion",
  embeddings: "Embeddings",
  function_calling: "Function calling",
  fine_tuning: "Fine-tuning",
  moderation: "Moderation",
  vision: "Images",
  reasoning: "Thinking",
};

type Props = { model: ContractModel; playgroundHref: string | undefined; impactHref: string | undefined };

/** One model: what it can do, under which names, for how much. */
export function ModelCard({ model, playgroundHref, impactHref }: Props) {
  const can = (Object.keys(abilities) as (keyof typeof abilities)[]).filter((ability) => model.capabilities[ability]);
  return (
    <Card
      id={model.id}
      title={model.name}
      description={model.description}
      aside={
        playgroundHref && model.capabilities.completion_chat && model.price ? (
          <LinkButton size="small" href={playgroundHref}>
            Try it
          </LinkButton>
        ) : undefined
      }
    >
      <div className="flex flex-col gap-4">
        <Ending
          ending={model.ending}
          impact={impactHref ? <TextLink href={impactHref}>What you have to change</TextLink> : null}
        />
        <div className="flex flex-wrap gap-1.5">
          {model.ending ? <Badge tone="warn">Ends</Badge> : null}
          {model.upstream === "embedded" ? <Badge tone="info">Small demo model, not to be relied on</Badge> : null}
          {can.map((ability) => (
            <Badge key={ability} plain>
              {abilities[ability]}
            </Badge>
          ))}
        </div>
        <div className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
          <DefinitionList
            rows={[
              { term: "Id", value: <Copyable text={model.id} noun="model id" /> },
              { term: "Other names", value: <Names names={model.aliases} /> },
              { term: "Context", value: <span className="tabular">{formatCount(model.maxContextLength)} tokens</span> },
              { term: "By", value: model.ownedBy },
            ]}
          />
          <Prices
            price={model.price}
            listPrice={model.listPrice}
            isAnswering={model.capabilities.completion_chat || model.capabilities.completion_fim}
          />
        </div>
      </div>
    </Card>
  );
}

function Ending({ ending, impact }: Pick<ContractModel, "ending"> & { impact: ReactNode }) {
  if (!ending) return null;
  return (
    <Notice tone="warn">
      Its end was announced on <Time at={ending.announcedAt} form="date" />.{" "}
      {ending.retiresAt ? (
        <>
          You can use it until <Time at={ending.retiresAt} />.
        </>
      ) : (
        "It ends for you six months after our letter about it has reached you, and not before."
      )}{" "}
      Use {ending.replacement} instead. {impact}
    </Notice>
  );
}

function Names({ names }: { names: readonly string[] }) {
  if (names.length === 0) return "None";
  return (
    <span className="flex flex-col gap-1">
      {names.map((name) => (
        <Copyable key={name} text={name} noun="model name" />
      ))}
    </span>
  );
}

type PricesProps = Pick<ContractModel, "price" | "listPrice"> & { isAnswering: boolean };

/** What this organization pays, and what the list says where that is another price. */
function Prices({ price, listPrice, isAnswering }: PricesProps) {
  if (!price) return <Notice tone="neutral">No price yet, so requests to it are refused.</Notice>;
  const amount = (column: keyof Price) => (
    <span className="tabular">
      {price[column] === 0n ? "Free" : formatPrice(price[column])}
      {listPrice && listPrice[column] !== price[column] ? (
        <span className="text-text-soft"> (list price {formatPrice(listPrice[column])})</span>
      ) : null}
    </span>
  );
  return (
    <div>
      <p className="mb-2.5 text-ui font-medium">Price for a million tokens</p>
      <DefinitionList
        rows={[
          { term: isAnswering ? "Prompt" : "Text", value: amount("inputMicros") },
          ...(isAnswering
            ? [
                { term: "Prompt, cached", value: amount("cachedInputMicros") },
                { term: "Answer", value: amount("outputMicros") },
              ]
            : []),
        ]}
      />
    </div>
  );
}
