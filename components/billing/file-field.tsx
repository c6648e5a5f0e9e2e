"use client";

import { type ChangeEvent, use, useState } from "react";
import { ResultContext } from "#components/ui/form-fields.tsx";
import { errorOf } from "#components/ui/form-result.ts";
import { TextField } from "#components/ui/text-field.tsx";
import { accepted, limitWords, tooMuch } from "#lib/domain/billing/disputes/files/rules.ts";

/** Files of a message. What is too big is refused here already: the server would break off in the middle of it. */
export function FileField() {
  const sent = errorOf(use(ResultContext), "files");
  const [chosen, setChosen] = useState<string>();
  const check = ({ target }: ChangeEvent<HTMLInputElement>) => {
    const problem = tooMuch([...(target.files ?? [])]);
    if (problem) target.value = "";
    setChosen(problem ? `${problem} Choose again.` : undefined);
  };
  return (
    <TextField
      label="Files"
      name="files"
      type="file"
      multiple
      accept={accepted}
      hint="optional"
      help={limitWords}
      error={chosen ?? sent}
      onChange={check}
    />
  );
}
