import type { Option } from "#components/ui/select.tsx";

/** Every model, or one of them. */
export const modelOptions = (models: readonly string[]): Option[] => [
  { value: "", label: "Every model" },
  ...models.map((model) => ({ value: model, label: model })),
];
