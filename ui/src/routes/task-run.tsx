import { NotYet } from "@/components/shell/not-yet";

export default function Route() {
  return <NotYet title="Task run" />;
}
