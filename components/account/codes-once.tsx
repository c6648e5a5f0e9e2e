import { OnceDialog } from "#components/ui/once-dialog.tsx";

/** The only time recovery codes are shown. */
export function CodesOnce({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  return (
    <OnceDialog
      title="Your recovery codes"
      description="Each signs you in once when your second factor is lost. This is the only time they are shown: print them, or store them beside your passwords."
      text={codes.join("\n")}
      copy="Copy codes"
      done="I have stored them"
      onClose={onClose}
    >
      <ul
        aria-label="Recovery codes"
        className="grid grid-cols-2 gap-x-6 gap-y-1.5 rounded-control border border-line bg-sunken px-4 py-3 text-center font-mono text-ui"
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
    </OnceDialog>
  );
}
