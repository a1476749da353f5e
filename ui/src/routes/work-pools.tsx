import { WorkPoolsPage } from "@/features/work-pools/work-pools-page";

export default function WorkPoolsRoute() {
  return <WorkPoolsPage />;
}
