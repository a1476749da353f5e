import { getRouteApi } from "@tanstack/react-router";

import { DeploymentPage } from "@/features/deployment/deployment-page";

const route = getRouteApi("/shell/deployments/$deploymentId");

export default function DeploymentRoute() {
  const { deploymentId } = route.useParams();
  // Another deployment is another page: nothing that was opened or typed stays.
  return <DeploymentPage key={deploymentId} id={deploymentId} />;
}
