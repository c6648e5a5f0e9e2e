import { Notice } from "#components/ui/notice.tsx";
import { SelectField } from "#components/ui/select-field.tsx";
import { TextField } from "#components/ui/text-field.tsx";
import { TextareaField } from "#components/ui/textarea-field.tsx";
import { formatCount } from "#components/usage/measures.ts";
import { formatPrice } from "#lib/core/money.ts";
import type { PlaygroundModel, Settings } from "./conversation.ts";

type Props = {
  models: readonly PlaygroundModel[];
  settings: Settings;
  onChange: (settings: Settings) => void;
};

export function SettingsPanel({ models, settings, onChange }: Props) {
  const model = models.find(({ id }) => id === settings.model);
  const field = (name: keyof Settings) => ({
    name,
    value: settings[name],
    onChange: (event: { target: { value: string } }) => onChange({ ...settings, [name]: event.target.value }),
  });
  return (
    <div className="flex flex-col gap-3">
      <SelectField
        {...field("model")}
        label="Model"
        options={models.map(({ id }) => ({ value: id, label: id }))}
        help={model ? `${formatCount(model.maxContextLength)} tokens of context` : undefined}
      />
      {model?.upstream === "embedded" ? (
        <Notice tone="neutral">A small demo model: quick, cheap and often wrong.</Notice>
      ) : null}
      <TextareaField {...field("system")} label="System prompt" rows={4} placeholder="You answer in one sentence." />
      <div className="grid grid-cols-2 gap-3">
        <TextField
          {...field("temperature")}
          label="Temperature"
          inputMode="decimal"
          placeholder="default"
          help="0 to 1.5"
        />
        <TextField {...field("topP")} label="Top P" inputMode="decimal" placeholder="default" help="Above 0, to 1" />
        <TextField {...field("maxTokens")} label="Max tokens" inputMode="numeric" placeholder="no limit" />
        <TextField
          {...field("seed")}
          label="Seed"
          inputMode="numeric"
          placeholder="random"
          help="Same seed, same answer"
        />
      </div>
      {model ? <Price {...model.price} /> : null}
    </div>
  );
}

function Price({ inputMicros, outputMicros }: PlaygroundModel["price"]) {
  const isFree = inputMicros === 0n && outputMicros === 0n;
  return (
    <p className="tabular text-meta text-text-faint">
      {isFree
        ? "What you ask here costs nothing."
        : `${formatPrice(inputMicros)} for a million prompt tokens, ${formatPrice(outputMicros)} for a million answer tokens. What you ask here is billed to this workspace.`}
    </p>
  );
}
