import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache, type ReactNode } from "react";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { type Id, type IdKind, isId } from "#db/id.ts";
import { can as holds } from "#lib/core/access/authorize.ts";
import type { Permission } from "#lib/core/access/permissions.ts";
import type { Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { Refused } from "./refused.tsx";
import { firstOf, type SearchParams } from "./search-params.ts";
import { consoleContext } from "./session.ts";

type Words = Record<string, string | undefined>;

/** What an address asks for: the ids in its path, and its query. */
export type Asked = { params: Record<string, string>; search: Words };

type Definition<T> = {
  can: Permission;
  /** What the page is about, such as "API keys". */
  title: string;
  /** The name of the one thing it shows; it comes first in the tab. */
  name?: (data: T) => string;
  /** Reads what the page shows. What is not there, or not theirs, is the page for missing things. */
  load: (ctx: Context, asked: Asked) => Promise<T>;
  view: (data: T, ctx: Context, asked: Asked) => ReactNode;
};

type Props = { params: Promise<Record<string, string>>; searchParams: SearchParams };

/**
 * A page of a workspace: context, permission, data, then the view. Without the permission it says what it takes and who
 * to ask. `default` is the page, `generateMetadata` names its tab.
 */
export function page<T>({ can, title, name, load, view }: Definition<T>) {
  const loaded = cache(async (address: string): Promise<{ ctx: Context; asked: Asked; data?: T }> => {
    const asked = JSON.parse(address) as Asked;
    const ctx = await enter(asked.params.workspace);
    if (!holds(ctx.actor, can)) return { ctx, asked };
    return { ctx, asked, data: await orMissing(load(ctx, asked)) };
  });
  const at = async ({ params, searchParams }: Props) =>
    loaded(JSON.stringify({ params: await params, search: await firstOf(searchParams) }));
  return {
    default: async (props: Props) => {
      const { ctx, asked, ...rest } = await at(props);
      if ("data" in rest) return view(rest.data as T, ctx, asked);
      return (
        <Page>
          <PageHeader title={title} />
          <Refused ctx={ctx} permission={can} />
        </Page>
      );
    },
    generateMetadata: async (props: Props): Promise<Metadata> => {
      if (!name) return { title };
      const { data } = await at(props);
      return { title: data === undefined ? title : `${name(data)} · ${title}` };
    },
  };
}

/** The id in an address, or the page for missing things. */
export function asId<K extends IdKind>(kind: K, text: string): Id<K> {
  if (!isId(kind, text)) notFound();
  return text;
}

/** An address that names no workspace is nothing of ours, signed in or not. */
async function enter(workspace: string | undefined): Promise<Context> {
  return consoleContext(asId("workspace", workspace ?? ""));
}

async function orMissing<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof AppError && error.problem === "not_found") notFound();
    throw error;
  }
}
