import { getRouteApi } from "@tanstack/react-router";

import { FlowRunsPage } from "@/features/runs/flow-runs-page";

const route = getRouteApi("/shell/runs");

export default function RunsRoute() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <FlowRunsPage search={search} onSearch={(changed) => void navigate({ search: changed, replace: true })} />
  );
}
