import { getRouteApi } from "@tanstack/react-router";

import { DeploymentsPage } from "@/features/deployments/deployments-page";

const route = getRouteApi("/shell/deployments");

export default function DeploymentsRoute() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <DeploymentsPage
      search={search}
      onSearch={(changed) => void navigate({ search: changed, replace: true })}
    />
  );
}
