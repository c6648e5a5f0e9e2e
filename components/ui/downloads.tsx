import { LinkButton } from "./link-button.tsx";

/** A list as files: all that its filters leave, whatever the page. */
export const Downloads = ({ hrefOf }: { hrefOf: (format: "csv" | "json") => string }) => (
  <>
    <LinkButton download href={hrefOf("csv")}>
      Download CSV
    </LinkButton>
    <LinkButton download href={hrefOf("json")}>
      Download JSON
    </LinkButton>
  </>
);
