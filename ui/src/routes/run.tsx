import { getRouteApi } from "@tanstack/react-router";

import { RunPage } from "@/features/run/run-page";

const route = getRouteApi("/shell/runs/$runId");

export default function RunRoute() {
  const { runId } = route.useParams();
  return <RunPage id={runId} />;
}
