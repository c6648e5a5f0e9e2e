import { Mark } from "#components/shell/mark.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";

export default function NotFound() {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-4 bg-canvas px-4 text-center">
      <Mark size={40} />
      <h1 className="text-page font-semibold">There is nothing at this address</h1>
      <p className="max-w-[52ch] text-text-soft">
        The page may have moved, or it belongs to an organization you are not a member of.
      </p>
      <LinkButton href="/" emphasis="primary">
        Go to the console
      </LinkButton>
    </main>
  );
}
