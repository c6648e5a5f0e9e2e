import { type FormEvent, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { TextareaField } from "#components/ui/textarea-field.tsx";

type Props = {
  calls: readonly { id: string; name: string }[];
  give: (results: Readonly<Record<string, string>>) => Promise<boolean>;
};

/** Here the person is the program: what each function gave back, for the model to go on with. */
export function CallResults({ calls, give }: Props) {
  const [results, setResults] = useState<Readonly<Record<string, string>>>({});
  const send = (event: FormEvent) => {
    event.preventDefault();
    void give(Object.fromEntries(calls.map(({ id }) => [id, results[id] ?? ""])));
  };
  return (
    <form onSubmit={send} className="flex flex-col gap-2 border-t border-line bg-canvas p-3">
      {calls.map(({ id, name }, index) => (
        <TextareaField
          key={id}
          label={calls.length === 1 ? `Result of ${name}` : `Result ${index + 1}, of ${name}`}
          name={`result-${id}`}
          mono
          rows={2}
          autoFocus={index === 0}
          spellCheck={false}
          help="What your program would answer, such as JSON."
          value={results[id] ?? ""}
          onChange={(event) => setResults({ ...results, [id]: event.target.value })}
        />
      ))}
      <div className="flex justify-end">
        <Button type="submit">{calls.length === 1 ? "Give result" : "Give results"}</Button>
      </div>
    </form>
  );
}
