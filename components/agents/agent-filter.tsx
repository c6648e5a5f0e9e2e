import { Button } from "#components/ui/button.tsx";
import { Input } from "#components/ui/input.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";

/** Which agents to list: a GET form, so that the address keeps it. */
export function AgentFilter({ base, search }: { base: string; search: string | undefined }) {
  return (
    <form key={search} action={base} className="flex flex-wrap items-center gap-2">
      <div className="w-64 max-sm:w-full">
        <Input
          type="search"
          name="q"
          aria-label="Name or handle"
          placeholder="Name or handle"
          autoComplete="off"
          data-shortcut="filter"
          maxLength={100}
          defaultValue={search ?? ""}
        />
      </div>
      <Button type="submit">Search</Button>
      {search ? (
        <LinkButton href={base} emphasis="quiet">
          Clear search
        </LinkButton>
      ) : null}
    </form>
  );
}
