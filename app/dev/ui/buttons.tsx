import { Ellipsis, Trash2 } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import type { ButtonLook } from "#components/ui/button-look.ts";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { Downloads } from "#components/ui/downloads.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Menu } from "#components/ui/menu.tsx";
import { MenuButton, MenuLabel, MenuLine, MenuLink } from "#components/ui/menu-entry.tsx";
import { Segments } from "#components/ui/segments.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Tooltip } from "#components/ui/tooltip.tsx";
import { Line, type Specimen, Stack } from "./specimens.tsx";
import { long, secret } from "./words.ts";

const emphases = ["primary", "secondary", "quiet"] as const;
const tones = ["normal", "bad"] as const;
const sizes = ["small", "normal", "large"] as const;

const looks: ButtonLook[] = tones.flatMap((tone) => emphases.map((emphasis) => ({ tone, emphasis })));

const Buttons = () =>
  sizes.map((size) => (
    <Line key={size}>
      {looks.map((look) => (
        <Button key={`${look.tone} ${look.emphasis}`} size={size} {...look}>
          {look.tone === "bad" ? "Revoke key" : "Save limit"}
        </Button>
      ))}
    </Line>
  ));

const ButtonStates = () => (
  <Stack>
    {(["pending", "disabled"] as const).map((state) => (
      <Line key={state}>
        {emphases.map((emphasis) => (
          <Button key={emphasis} emphasis={emphasis} {...{ [state]: true }}>
            Save limit
          </Button>
        ))}
        {state === "pending" ? <SubmitButton pending>Send</SubmitButton> : null}
      </Line>
    ))}
    <Button stretch>{long.slice(0, 32)}</Button>
    <Line>
      <Denied label="Create key" reason="Developers can create keys. Aino Salmi or Ilse Brandt can make you one." />
      <Denied size="small" label="Raise limit" reason="Billing managers can." />
    </Line>
  </Stack>
);

const Links = () => (
  <Stack>
    <Line>
      <LinkButton href="#">All usage</LinkButton>
      <LinkButton href="#" emphasis="primary">
        Make the first one
      </LinkButton>
      <LinkButton href="#" size="small" emphasis="quiet">
        Clear filters
      </LinkButton>
      <Downloads hrefOf={(format) => `#${format}`} />
    </Line>
    <p className="text-ui">
      In a sentence there is <TextLink href="#">a link to the terms</TextLink>, and a row is{" "}
      <TextLink look="row" href="#">
        checkout-backend
      </TextLink>
      , and at the edge stands{" "}
      <TextLink look="quiet" href="#">
        a quiet one
      </TextLink>
      .
    </p>
    <Segments
      label="Grain"
      segments={["Hour", "Day", "Month"].map((label) => ({ label, href: "#", current: label === "Day" }))}
    />
  </Stack>
);

const Small = () => (
  <Stack>
    <Line>
      <IconButton label="Remove">
        <Trash2 aria-hidden="true" />
      </IconButton>
      <IconButton label="Remove" edge>
        <Trash2 aria-hidden="true" />
      </IconButton>
      <IconButton label="Remove" size="small" disabled>
        <Trash2 aria-hidden="true" />
      </IconButton>
      <CopyButton text={secret} label="Copy key" />
      <Spinner />
      <Kbd>Ctrl K</Kbd>
      <Tooltip text="Search or jump to" keys="Ctrl K" side="above">
        <Button size="small">With a tooltip</Button>
      </Tooltip>
    </Line>
    <CopyButton wide text={secret} label="Copy key" />
  </Stack>
);

const entries = (
  <>
    <MenuLabel>Theme</MenuLabel>
    <MenuButton current>System</MenuButton>
    <MenuButton current={false}>Dark</MenuButton>
    <MenuLine />
    <MenuLink href="#" current>
      {long}
    </MenuLink>
    <MenuLink href="#">Settings</MenuLink>
    <MenuButton tone="bad">Delete agent</MenuButton>
  </>
);

const Menus = () => (
  <Line>
    {(["row", "icon"] as const).map((look) => (
      <Menu key={look} label="More" trigger={<Ellipsis aria-hidden="true" />} triggerLook={look}>
        {entries}
      </Menu>
    ))}
    <Menu trigger={<span className="truncate">Lindenhof Labs, Research</span>} triggerLook="wide" width="wide">
      {entries}
    </Menu>
  </Line>
);

export const buttons: readonly Specimen[] = [
  { of: "Button: emphasis, tone and size", show: <Buttons /> },
  { of: "Button: pending, disabled, stretched, denied", show: <ButtonStates /> },
  { of: "Links and segments", show: <Links /> },
  { of: "Icons, copy buttons, spinner, keys, tooltip", show: <Small /> },
  { of: "Menu", show: <Menus /> },
];
