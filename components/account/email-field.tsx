import { TextField } from "#components/ui/text-field.tsx";

type Props = { defaultValue?: string; error?: string | undefined; help?: string; autoFocus?: boolean };

export function EmailField({ defaultValue = "", error, help, autoFocus = false }: Props) {
  return (
    <TextField
      label="E-mail"
      name="email"
      type="email"
      autoComplete="username"
      autoCapitalize="none"
      spellCheck={false}
      maxLength={254}
      required
      defaultValue={defaultValue}
      help={help}
      error={error}
      autoFocus={autoFocus}
    />
  );
}
