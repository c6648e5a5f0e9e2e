import type { Page } from "@playwright/test";
import { type Role, workspaceOf } from "./accounts.ts";
import { ask, firstLink } from "./forms.ts";

/** A page as a person sees it. `at` finds its address, by links where it is about one thing among many. */
export type Sight = {
  /** The file's place under `app`, without its groups; the same page may be seen in several states. */
  route: string;
  state?: string;
  role: Role | "visitor";
  at: (page: Page) => string | Promise<string>;
  status?: number;
};

export const under =
  (role: Role, rest: string): Sight["at"] =>
  () =>
    `${workspaceOf(role)}/${rest}`;

/** The address of the first thing of a list, as the server writes it. */
export const firstOf =
  (list: (page: Page) => string): Sight["at"] =>
  async (page) =>
    firstLink(await ask(page, list(page)), /<th\b[^>]*scope="row"[\s\S]*?<\/th>/);

export const ofWorkspace = (role: Role, section: string, state?: string, address = section): Sight => ({
  route: `/[workspace]/${section.replace(/\?.*/, "")}`,
  ...(state && { state }),
  role,
  at: under(role, address),
});
