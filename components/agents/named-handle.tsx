"use client";

import { useState } from "react";
import { FormText } from "#components/ui/form-fields.tsx";
import { handleOf } from "#lib/domain/agents/handles/rules.ts";

/** A name, and the handle made of it until a person writes another. */
export function NamedHandle() {
  const [name, setName] = useState("");
  const [handle, setHandle] = useState<string>();
  return (
    <>
      <FormText
        label="Name"
        name="name"
        autoComplete="off"
        maxLength={80}
        placeholder="Travel planner"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <FormText
        label="Handle"
        name="handle"
        adornment="@"
        autoComplete="off"
        spellCheck={false}
        maxLength={32}
        placeholder="travel-planner"
        help="What people and programs call it by. Letters a to z, digits and dashes."
        value={handle ?? handleOf(name) ?? ""}
        onChange={(event) => setHandle(event.target.value)}
      />
    </>
  );
}
