import { Button } from "#components/ui/button.tsx";
import { Input } from "#components/ui/input.tsx";

/** From which moment on to list calls: a GET form, in UTC as everything in the log. */
export function SinceForm({ action, since }: { action: string; since: Date }) {
  return (
    <form action={action} className="flex flex-wrap items-center gap-2 text-ui">
      <label htmlFor="since" className="text-text-soft">
        Since (UTC)
      </label>
      <div className="w-52">
        <Input id="since" type="datetime-local" name="since" defaultValue={since.toISOString().slice(0, 16)} />
      </div>
      <Button type="submit">Show calls</Button>
    </form>
  );
}
