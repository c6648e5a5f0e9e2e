import { Pencil } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Textarea } from "#components/ui/textarea.tsx";

type Props = {
  text: string;
  /** Asks in other words; where it is left out, they stay. */
  reword?: ((text: string) => void) | undefined;
};

/** What a person said, and the field to say it otherwise. */
export function QuestionView({ text, reword }: Props) {
  const [isEditing, setEditing] = useState(false);
  if (isEditing && reword) {
    return <Rewording text={text} close={() => setEditing(false)} reword={reword} />;
  }
  return (
    <div className="ml-auto flex w-fit max-w-[85%] items-start gap-1">
      {reword ? (
        <IconButton label="Edit message" size="small" onClick={() => setEditing(true)}>
          <Pencil aria-hidden="true" />
        </IconButton>
      ) : null}
      <div className="min-w-0 rounded-card bg-accent-soft px-3.5 py-2.5 break-words whitespace-pre-wrap">
        <span className="sr-only">You: </span>
        {text}
      </div>
    </div>
  );
}

type RewordingProps = { text: string; close: () => void; reword: (text: string) => void };

function Rewording({ text, close, reword }: RewordingProps) {
  const [words, setWords] = useState(text);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (words.trim() === "") return;
    close();
    reword(words);
  };
  return (
    <form onSubmit={send} className="ml-auto flex w-full max-w-[85%] flex-col gap-2">
      <Textarea
        aria-label="Your message in other words"
        autoFocus
        rows={3}
        value={words}
        onChange={(event) => setWords(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && close()}
      />
      <div className="flex flex-wrap items-center justify-end gap-2">
        <span className="mr-auto text-meta text-text-faint">A branch begins here. This conversation stays.</span>
        <Button emphasis="quiet" onClick={close}>
          Cancel
        </Button>
        <Button type="submit">Send as a branch</Button>
      </div>
    </form>
  );
}
