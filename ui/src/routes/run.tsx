import { getRouteApi } from "@tanstack/react-router";

import { RunPage } from "@/features/run/run-page";

const route = getRouteApi("/shell/runs/$runId");

export default function RunRoute() {
  const { runId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <RunPage
      key={runId}
      id={runId}
      search={search}
      onSearch={(changed) => void navigate({ search: changed, replace: true, resetScroll: false })}
    />
  );
}
