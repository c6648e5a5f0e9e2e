import { ButtonForm } from "#components/ui/button-form.tsx";

type Props = { agent: string; model: string; act: Parameters<typeof ButtonForm>[0]["act"] };

/** Makes a draft of an agent that asks another model; what is published stays until that is published. */
export const SwitchModel = ({ agent, model, act }: Props) => (
  <ButtonForm button="Switch draft to replacement" values={{ agent, model }} size="small" act={act} />
);
