import { Search } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { Input } from "#components/ui/input.tsx";

type Props = {
  base: string;
  recipient: string;
  /** Finds whole addresses only. */
  isWhole?: boolean;
};

/** A plain GET form: the filtered list is an address. */
export function LetterFilter({ base, recipient, isWhole = false }: Props) {
  return (
    <search>
      <form action={base} className="flex max-w-form gap-2">
        <Input
          name="recipient"
          type="search"
          defaultValue={recipient}
          placeholder={isWhole ? "The recipient's whole address" : "Part of the recipient's address"}
          aria-label="Recipient"
          autoComplete="off"
        />
        <Button type="submit">
          <Search aria-hidden="true" className="size-4" />
          Filter
        </Button>
      </form>
    </search>
  );
}
