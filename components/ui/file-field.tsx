"use client";

import { type ChangeEvent, use, useState } from "react";
import { type FileLimits, tooMuch } from "#lib/core/file-limits.ts";
import { ResultContext } from "./form-fields.tsx";
import { errorOf } from "./form-result.ts";
import { TextField } from "./text-field.tsx";

type Props = { label: string; name: string; accept: string; hint?: string; help: string; limits: FileLimits };

/** Files of a form. What is too big is refused here already: the server would break off in the middle of it. */
export function FormFiles({ limits, ...field }: Props) {
  const sent = errorOf(use(ResultContext), field.name);
  const [chosen, setChosen] = useState<string>();
  const check = ({ target }: ChangeEvent<HTMLInputElement>) => {
    const problem = tooMuch([...(target.files ?? [])], limits);
    if (problem) target.value = "";
    setChosen(problem && `${problem} Choose again.`);
  };
  return <TextField {...field} type="file" multiple={limits.files > 1} error={chosen ?? sent} onChange={check} />;
}
