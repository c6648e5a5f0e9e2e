"use server";

import { redirect } from "next/navigation";
import { action } from "#app/doors/action.ts";
import { giveNotice, withdrawFromContract, withdrawNotice } from "#lib/domain/ending/notice/commands.ts";
import { resubscribe } from "#lib/domain/ending/returning/commands.ts";

export const give = action(giveNotice);

export const withdraw = action(withdrawNotice);

export const withdrawFrom = action(withdrawFromContract);

export const comeBack = action(resubscribe, (): void => redirect("/"));
