import { getRouteApi } from "@tanstack/react-router";

import { FlowsPage } from "@/features/flows/flows-page";

const route = getRouteApi("/shell/flows");

export default function FlowsRoute() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <FlowsPage search={search} onSearch={(changed) => void navigate({ search: changed, replace: true })} />
  );
}
