import { FormSelect } from "#components/ui/form-fields.tsx";

/** Which customer something is about: one of those this person gave a reason to look at. */
export const SeenCustomer = ({ customers }: { customers: readonly { id: string; name: string }[] }) => (
  <FormSelect
    label="Customer"
    name="organizationId"
    options={customers.map(({ id, name }) => ({ value: id, label: name }))}
    help="Those you gave a reason to look at."
  />
);
