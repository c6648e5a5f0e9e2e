"use server";

import { refresh } from "next/cache";
import { action } from "#app/doors/action.ts";
import { retireMacro, saveMacro } from "#lib/domain/help/macros/commands.ts";

export const save = action(saveMacro, (): void => refresh());

export const retire = action(retireMacro);
