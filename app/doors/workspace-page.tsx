import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { type ComponentProps, cache, type ReactNode } from "react";
import { Crumb } from "#components/shell/crumb.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { type Id, type IdKind, isId } from "#db/id.ts";
import { can as holds } from "#lib/core/access/authorize.ts";
import type { Permission } from "#lib/core/access/permissions.ts";
import type { Context } from "#lib/core/context.ts";
import { found } from "./found.ts";
import { Refused } from "./refused.tsx";
import { firstOf, type SearchParams } from "./search-params.ts";
import { consoleContext } from "./session.ts";

type Words = Record<string, string | undefined>;

/** What an address asks for: the ids in its path, and its query. */
export type Asked = { params: Words; search: Words };

/** What a heading can say and offer. */
export type Head = Partial<ComponentProps<typeof PageHeader>>;

type Definition<T> = {
  can: Permission;
  /** What the page is about, such as "API keys": its heading and its tab. */
  title: string;
  description?: string | ((ctx: Context, asked: Asked) => string);
  width?: ComponentProps<typeof Page>["width"];
  /** Reads what the page shows. What is not there, or not theirs, is the page for missing things. */
  load: (ctx: Context, asked: Asked) => Promise<T>;
  /** The name of the one thing it shows: its heading, the first word of its tab, the end of the breadcrumb. */
  name?: (data: T) => string | undefined;
  /** What the heading has beside, or instead. */
  head?: (data: T, ctx: Context, asked: Asked) => Head;
  /** What stands below the heading. */
  view: (data: T, ctx: Context, asked: Asked) => ReactNode;
};

type Props = { params: Promise<Record<string, string>>; searchParams: SearchParams };
type Loaded<T> = { ctx: Context; asked: Asked; granted?: { data: T } };

/**
 * A page of a workspace: context, permission, data, then the view. Without the permission it says what it takes and who
 * to ask. `default` is the page, `generateMetadata` names its tab.
 */
export function page<T>({ can, title, description, width = "page", load, name, head, view }: Definition<T>) {
  const loaded = cache(async (address: string): Promise<Loaded<T>> => {
    const asked = JSON.parse(address) as Asked;
    const ctx = await enter(asked.params.workspace);
    if (!holds(ctx.actor, can)) return { ctx, asked };
    return { ctx, asked, granted: { data: await found(load(ctx, asked)) } };
  });
  const at = async ({ params, searchParams }: Props) =>
    loaded(JSON.stringify({ params: await params, search: await firstOf(searchParams) }));
  const nameOf = ({ granted }: Loaded<T>) => (granted && name ? name(granted.data) : undefined);
  return {
    default: async (props: Props) => {
      const it = await at(props);
      const { ctx, asked, granted } = it;
      const named = nameOf(it);
      const said = typeof description === "function" ? description(ctx, asked) : description;
      return (
        <Page width={width}>
          {named ? <Crumb name={named} /> : null}
          <PageHeader title={named ?? title} description={said} {...(granted && head?.(granted.data, ctx, asked))} />
          {granted ? view(granted.data, ctx, asked) : <Refused ctx={ctx} permission={can} />}
        </Page>
      );
    },
    generateMetadata: async (props: Props): Promise<Metadata> => {
      const first = name ? nameOf(await at(props)) : undefined;
      return { title: first ? `${first} · ${title}` : title };
    },
  };
}

/** The id in an address, or the page for missing things. */
export function asId<K extends IdKind>(kind: K, text: string | undefined): Id<K> {
  if (!text || !isId(kind, text)) notFound();
  return text;
}

/** The context of a workspace's pages. An address that names no workspace is nothing of ours, signed in or not. */
export const enter = async (workspace: string | undefined): Promise<Context> =>
  consoleContext(asId("workspace", workspace));
