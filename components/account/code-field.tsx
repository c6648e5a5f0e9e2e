import { TextField } from "#components/ui/text-field.tsx";

type Props = { kind: "app" | "recovery"; help?: string; error?: string | undefined; autoFocus?: boolean };

const looks = {
  app: { label: "Code from your app", inputMode: "numeric", maxLength: 10 },
  recovery: { label: "Recovery code", inputMode: "text", maxLength: 20 },
} as const;

export function CodeField({ kind, help, error, autoFocus = false }: Props) {
  return (
    <TextField
      {...looks[kind]}
      name="code"
      autoComplete="one-time-code"
      autoCapitalize="none"
      spellCheck={false}
      required
      mono
      help={help}
      error={error}
      autoFocus={autoFocus}
    />
  );
}
