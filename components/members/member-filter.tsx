import { Button } from "#components/ui/button.tsx";
import { Input } from "#components/ui/input.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { type Option, Select } from "#components/ui/select.tsx";
import { roleTitle } from "#lib/core/access/roles.ts";

/** What was chosen, by the names the address has for it. */
type Chosen = { q?: string | undefined; role?: string | undefined; workspace?: string | undefined };

type Props = { base: string; chosen: Chosen; workspaces: readonly Option[]; isFiltered: boolean };

const roles = ["organization_admin", "billing_manager", "member"].map((role) => ({
  value: role,
  label: role === "member" ? "Only member" : roleTitle(role),
}));

/** Whom to list: a GET form, so that the address keeps it. */
export function MemberFilter({ base, chosen, workspaces, isFiltered }: Props) {
  return (
    <form key={JSON.stringify(chosen)} action={base} className="flex flex-wrap items-center gap-2">
      <div className="w-56 max-sm:w-full">
        <Input
          type="search"
          name="q"
          aria-label="Name or e-mail"
          placeholder="Name or e-mail"
          autoComplete="off"
          data-shortcut="filter"
          maxLength={100}
          defaultValue={chosen.q ?? ""}
        />
      </div>
      <div className="w-48 max-sm:w-full">
        <Select
          name="role"
          aria-label="Role"
          defaultValue={chosen.role ?? ""}
          options={[{ value: "", label: "All roles" }, ...roles]}
        />
      </div>
      <div className="w-48 max-sm:w-full">
        <Select
          name="workspace"
          aria-label="Workspace"
          defaultValue={chosen.workspace ?? ""}
          options={[{ value: "", label: "All workspaces" }, ...workspaces]}
        />
      </div>
      <Button type="submit">Filter</Button>
      {isFiltered ? (
        <LinkButton href={base} emphasis="quiet">
          Clear filters
        </LinkButton>
      ) : null}
    </form>
  );
}
