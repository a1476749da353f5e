import { getRouteApi } from "@tanstack/react-router";

import { WorkPoolPage } from "@/features/work-pool/work-pool-page";

const route = getRouteApi("/shell/work-pools/$pool");

export default function WorkPoolRoute() {
  const { pool } = route.useParams();
  return <WorkPoolPage key={pool} name={pool} />;
}
